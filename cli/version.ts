import { readFileSync } from 'node:fs';

/** The version of this Linegate. */
export function version(): string {
  const candidates = ['../package.json', './package.json'].map((file) => new URL(file, import.meta.url));
  for (const file of candidates) {
    try {
      return String((JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version);
    } catch {
      // The other place: beside the bundle on a device, one folder up in a checkout.
    }
  }
  return 'unknown';
}
