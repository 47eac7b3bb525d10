import { chownSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../core/errors.ts';

export interface Saved {
  readonly file: string;
  /** What stood there before and lies beside it now; null when there was none. */
  readonly kept: string | null;
}

const mostKept = 100;

interface Text {
  readonly file: string;
  readonly text: string;
}

/**
 * Writes files, each whole or not at all. Those that are there stay, and none is written, unless `force`; then they are kept beside
 * as FILE.old, FILE.old2, ... What is made belongs to whom the folder above belongs. Throws LinegateError 'bad-argument' when one is
 * there, 'device' when one cannot be written.
 */
export function saveNew(texts: readonly Text[], force: boolean): Saved[] {
  const there = texts.filter(({ file }) => existsSync(file)).map(({ file }) => file);
  if (!force && there.length > 0) {
    const message = `There is ${there.join(' and ')} already, so nothing was written; give --force to replace (the old is kept beside), or --out and --state for other places.`;
    throw new LinegateError('bad-argument', message);
  }
  return texts.map(save);
}

function save({ file, text }: Text): Saved {
  const whole = `${file}.new`;
  try {
    makeFolder(path.dirname(path.resolve(file)));
    writeFileSync(whole, text);
    giveToOwnerOf(path.dirname(path.resolve(file)), whole);
    const kept = existsSync(file) ? keep(file) : null;
    renameSync(whole, file);
    return { file, kept };
  } catch (cause) {
    if (existsSync(whole)) rmSync(whole, { force: true });
    const message = `The file ${file} cannot be written: ${messageOf(cause)}; run this as a user who may (sudo), or name another place.`;
    throw new LinegateError('device', message, { cause });
  }
}

/** A second name, so that the file is there at every moment. */
function keep(file: string): string {
  const names = [`${file}.old`, ...Array.from({ length: mostKept }, (_, at) => `${file}.old${at + 2}`)];
  const free = names.find((name) => !existsSync(name));
  if (free === undefined) throw new Error(`there are ${mostKept} old ones beside it, remove some`);
  linkSync(file, free);
  return free;
}

function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
  giveToOwnerOf(path.dirname(folder), folder);
}

/** What root makes in the folder of the station's user must be the station's. */
function giveToOwnerOf(folder: string, made: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(folder);
  chownSync(made, uid, gid);
}
