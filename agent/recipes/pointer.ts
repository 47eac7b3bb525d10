import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readDocument } from '../config/read.ts';
import { LinegateError, messageOf } from '../core/errors.ts';
import { replaceFile } from './durable.ts';

/** An installed version, or the recipe of that name that came with linegate. */
const reference = z.union([z.int().min(1), z.literal('bundled')]);

const pointerSchema = z.strictObject({
  schemaVersion: z.literal(1),
  current: reference,
  previous: reference.nullable(),
});

export type Reference = z.infer<typeof reference>;

/** current.json: which version of an installed recipe a station uses, and which one it used before. */
export type Pointer = Pick<z.infer<typeof pointerSchema>, 'current' | 'previous'>;

const pointerFile = 'current.json';

/**
 * The pointer in the folder of an installed recipe; undefined where none was ever installed. Throws LinegateError
 * 'bad-recipe' when it is damaged: falling back silently would change verdicts.
 */
export function readPointer(home: string): Pointer | undefined {
  const file = path.join(home, pointerFile);
  if (!existsSync(file)) return undefined;
  try {
    return readDocument(file, 'The pointer to the current recipe', pointerSchema, 'bad-recipe');
  } catch (cause) {
    const message = `${messageOf(cause).replace(/\.$/, '')}; install the recipe again.`;
    throw new LinegateError('bad-recipe', message, { cause });
  }
}

/** Makes another version the current one; a crash leaves the old pointer or the new one. Throws 'state-folder'. */
export function writePointer(home: string, { current, previous }: Pointer): void {
  const file = path.join(home, pointerFile);
  try {
    replaceFile(file, `${JSON.stringify({ schemaVersion: 1, current, previous }, null, 2)}\n`);
  } catch (cause) {
    const message = `${file} cannot be written (${messageOf(cause)}); free some space or give write access.`;
    throw new LinegateError('state-folder', message, { cause });
  }
}
