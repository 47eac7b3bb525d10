import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../core/errors.ts';

/**
 * Writes the file whole or not at all; what stood there before stays beside it under its time. Returns that one's name, null when
 * there was none. Throws a LinegateError 'device'.
 */
export function saveCalibration(file: string, text: string, wallMs: number): string | null {
  try {
    const whole = `${file}.new`;
    const handle = openSync(whole, 'w');
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    const old = existsSync(file) ? keep(file, wallMs) : null;
    renameSync(whole, file);
    syncFolder(path.dirname(file));
    return old;
  } catch (cause) {
    const message = `${file} cannot be written: ${messageOf(cause)}; nothing was changed, run this as a user who may write there.`;
    throw new LinegateError('device', message, { cause });
  }
}

/** A second name, so that the file is there at every moment. */
function keep(file: string, wallMs: number): string {
  const stamp = new Date(wallMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const names = [`${file}.${stamp}`, ...Array.from({ length: 100 }, (_, at) => `${file}.${stamp}-${at + 2}`)];
  const free = names.find((name) => !existsSync(name));
  if (free === undefined) throw new LinegateError('device', `${file} has too many old ones of one second`);
  linkSync(file, free);
  return free;
}

/** A power cut after this leaves the new file. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
