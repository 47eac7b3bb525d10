import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { Cards } from './cards.ts';

/** Refuses a folder that holds something: tokens that were given away must not be made anew. Throws LinegateError 'bad-argument'. */
export function refuseUsed(out: string): void {
  if (!existsSync(out)) return;
  let names: readonly string[];
  try {
    names = readdirSync(out);
  } catch (cause) {
    throw new LinegateError('bad-argument', `${out} is no folder that can be read; give --out a new one.`, { cause });
  }
  if (names.length === 0) return;
  throw new LinegateError(
    'bad-argument',
    `The folder ${out} is not empty, and cards are not made twice; give --out a new one.`,
  );
}

/** Writes all cards. Secrets are for their owner's eyes alone. Throws LinegateError 'device'. */
export function writeCards({ files, folders }: Cards, deb: string, out: string): void {
  try {
    mkdirSync(out, { recursive: true, mode: 0o700 });
    for (const { path: name, text, secret } of files) {
      const file = path.join(out, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: 'wx', mode: secret ? 0o600 : 0o644 });
    }
    for (const folder of folders) place(deb, path.join(out, folder, path.basename(deb)));
  } catch (cause) {
    const message = `The cards cannot be written to ${out}: ${messageOf(cause)}; make room or name another folder, and throw away what is there.`;
    throw new LinegateError('device', message, { cause });
  }
}

/** A second name where that can be done: a hundred cards then take the room of one package. */
function place(deb: string, to: string): void {
  try {
    linkSync(deb, to);
  } catch {
    copyFileSync(deb, to);
  }
}
