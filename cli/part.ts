import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../agent/core/errors.ts';
import { ledgerFile } from '../agent/main.ts';
import { recipePlaces } from '../agent/recipes/find.ts';
import { recall } from '../agent/recorder/recall.ts';
import { Records } from '../agent/recorder/records.ts';
import type { Story } from '../agent/recorder/story.ts';
import { storyText } from './part/text.ts';

/** What `linegate part` was asked for. */
export interface PartOptions {
  readonly id: string;
  readonly state: string;
  readonly json: boolean;
  readonly open: string | undefined;
}

/** Prints a part's story. Throws LinegateError 'bad-argument' for a part that is not known, 'ledger' for no ledger. */
export function tellPart({ id, state, json, open }: PartOptions): void {
  const part = partNumber(id);
  const records = Records.open(path.join(state, ledgerFile));
  let story: Story;
  try {
    const pictures = path.resolve(state, 'pictures');
    story = recall(records, part, { pictures, recipes: recipePlaces(state, process.cwd()) });
  } finally {
    records.close();
  }
  if (open !== undefined) copyPicture(story, open);
  process.stdout.write(json ? `${JSON.stringify(story, null, 2)}\n` : storyText(story));
}

function partNumber(id: string): number {
  const part = Number(id);
  if (/^\d+$/.test(id) && Number.isSafeInteger(part) && part > 0) return part;
  throw new LinegateError('bad-argument', `"${id}" is not the number of a part: give a whole number from 1 on.`);
}

function copyPicture(story: Story, target: string): void {
  const picture = story.kind === 'part' ? story.picture : null;
  if (picture === null || picture.sizeBytes === null) {
    throw new LinegateError('bad-argument', `Part ${story.part} has no picture that could be written to ${target}.`);
  }
  try {
    copyFileSync(picture.file, target);
  } catch (cause) {
    const message = `The picture cannot be written to ${target} (${messageOf(cause)}): name another file.`;
    throw new LinegateError('bad-argument', message, { cause });
  }
  process.stderr.write(`The picture is in ${target}.\n`);
}
