import { readFileSync } from 'node:fs';

/** The kernel's id of this boot, or null on a system that has none. */
export function readBootId(path = '/proc/sys/kernel/random/boot_id'): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null;
  }
}
