import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A name in the folder that is new and no longer changes. */
export interface FoundFile {
  readonly name: string;
  readonly isFile: boolean;
}

/** What one look at the folder found. */
export interface Look {
  /** Oldest first. */
  readonly found: readonly FoundFile[];
  /** Some files are still being written: look again after the settling time. */
  readonly unsettled: boolean;
}

interface Known {
  /** What changes when the file is written. */
  readonly key: string;
  readonly sinceNs: number;
  readonly done: boolean;
}

/** Finds the new files of a folder; one counts as whole once its size and time have stood still for `settleMs`. */
export class FolderScan {
  readonly #folder: string;
  readonly #settleNs: number;
  #known = new Map<string, Known>();

  constructor(folder: string, settleMs: number) {
    this.#folder = folder;
    this.#settleNs = settleMs * 1e6;
  }

  /** Takes all that is there now as seen. */
  async skipExisting(nowNs: number): Promise<void> {
    await this.look(nowNs);
    for (const [name, known] of this.#known) this.#known.set(name, { ...known, done: true });
  }

  /** Each file is found once, again only after it changed. Rejects when the folder cannot be read. */
  async look(nowNs: number): Promise<Look> {
    const known = new Map<string, Known>();
    const found: { name: string; stats: Stats }[] = [];
    let unsettled = false;
    for (const name of await readdir(this.#folder)) {
      const stats = isHidden(name) ? undefined : await statOf(join(this.#folder, name));
      if (stats === undefined) continue;
      const state = this.#recognise(name, stats, nowNs);
      if (state.news === 'whole') found.push({ name, stats });
      if (state.news === 'growing') unsettled = true;
      known.set(name, state.known);
    }
    this.#known = known;
    found.sort((a, b) => a.stats.mtimeMs - b.stats.mtimeMs || (a.name < b.name ? -1 : 1));
    return { found: found.map(({ name, stats }) => ({ name, isFile: stats.isFile() })), unsettled };
  }

  #recognise(name: string, stats: Stats, nowNs: number): { known: Known; news: 'none' | 'growing' | 'whole' } {
    const before = this.#known.get(name);
    const key = keyOf(stats);
    if (before?.key !== key) return { known: { key, sinceNs: nowNs, done: false }, news: 'growing' };
    if (before.done) return { known: before, news: 'none' };
    if (nowNs - before.sinceNs < this.#settleNs) return { known: before, news: 'growing' };
    return { known: { ...before, done: true }, news: 'whole' };
  }
}

/** Programs that copy write under such a name first and rename when all is there. */
function isHidden(name: string): boolean {
  return name.startsWith('.') || /\.(?:tmp|part)$/i.test(name);
}

/** What is no file, such as a folder, stays the same whatever is done in it. */
function keyOf(stats: Stats): string {
  return stats.isFile() ? `${stats.ino} ${stats.size} ${stats.mtimeMs}` : 'not a file';
}

/** Undefined for what has gone in the meantime. */
async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch {
    return undefined;
  }
}
