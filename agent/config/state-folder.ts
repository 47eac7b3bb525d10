import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../core/errors.ts';

/** Makes the state folder, and those above it, unless it is there. Throws LinegateError 'state-folder'. */
export function makeStateFolder(folder: string): void {
  try {
    make(path.resolve(folder));
  } catch (cause) {
    const message = `The state folder ${folder} cannot be made: ${messageOf(cause)}; give another one.`;
    throw new LinegateError('state-folder', message, { cause });
  }
}

/** One by one: `recursive` tries for ever where a file system takes no new names, as /proc does. */
function make(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) make(parent);
  mkdirSync(folder);
}
