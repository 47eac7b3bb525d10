import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';
import type { Pictures } from '../../ports/pictures.ts';
import { isPictureName } from './name.ts';
import { encodePng } from './png.ts';
import { isWhole } from './rgb-rows.ts';
import { Shelf } from './shelf.ts';

export interface FolderPicturesOptions {
  readonly folder: string;
  /** When it is full the oldest passes go first, then parts without a verdict, then reviews, then rejects. */
  readonly maxMegabytes: number;
  /** The disk began to refuse; told again only after it worked in between. */
  readonly onFault: (message: string) => void;
  /** Pictures that may wait for the disk; 32 when left out. */
  readonly maxPending?: number;
}

const TEMPORARY = '.tmp';

/** Pictures as PNG files in a folder of bounded size, written one after the other. */
export class FolderPictures implements Pictures {
  readonly #options: FolderPicturesOptions;
  readonly #shelf: Shelf;
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #open = false;
  #diskWorks = true;

  constructor(options: FolderPicturesOptions) {
    this.#options = options;
    this.#shelf = new Shelf(options.maxMegabytes * 1e6);
  }

  /** Counts what the folder holds and removes what a power cut left half done. Rejects with LinegateError 'state-folder'. */
  async start(): Promise<void> {
    const { folder } = this.#options;
    try {
      await mkdir(folder, { recursive: true });
      for (const { name, bytes } of await listPictures(folder)) this.#shelf.add(name, bytes);
    } catch (cause) {
      const message = `The folder for pictures ${folder} cannot be used (${messageOf(cause)}): make it writable.`;
      throw new LinegateError('state-folder', message, { cause });
    }
    this.#open = true;
  }

  async keep(name: string, frame: Frame): Promise<boolean> {
    if (!this.#open || !isPictureName(name) || !isWhole(frame)) return false;
    if (this.#pending >= (this.#options.maxPending ?? 32)) return false;
    this.#pending++;
    const kept = this.#last.then(() => this.#write(name, frame));
    this.#last = kept;
    return kept;
  }

  drop(sizeBytes: number): Promise<number> {
    const dropped = this.#last.then(() => this.#drop(sizeBytes));
    this.#last = dropped;
    return dropped;
  }

  /** Waits for the pictures it has taken. */
  async stop(): Promise<void> {
    this.#open = false;
    await this.#last;
  }

  async #write(name: string, frame: Frame): Promise<boolean> {
    try {
      const png = await encodePng(frame);
      const victims = this.#shelf.roomFor(name, png.length);
      if (victims === undefined) return false;
      for (const victim of victims) await this.#remove(victim);
      await writeWhole(join(this.#options.folder, name), png);
      this.#shelf.add(name, png.length);
      this.#diskWorks = true;
      return true;
    } catch (error) {
      if (this.#diskWorks)
        this.#options.onFault(`Pictures are lost because the disk refuses them (${messageOf(error)}).`);
      this.#diskWorks = false;
      return false;
    } finally {
      this.#pending--;
    }
  }

  async #drop(sizeBytes: number): Promise<number> {
    const before = this.#shelf.totalBytes;
    try {
      for (const victim of this.#shelf.leastWanted(sizeBytes)) await this.#remove(victim);
    } catch (error) {
      this.#options.onFault(`Old pictures cannot be dropped (${messageOf(error)}): make the folder writable.`);
    }
    return before - this.#shelf.totalBytes;
  }

  async #remove(name: string): Promise<void> {
    await rm(join(this.#options.folder, name), { force: true });
    this.#shelf.remove(name);
  }
}

/** The file is there whole or not at all. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path + TEMPORARY, bytes);
    await rename(path + TEMPORARY, path);
  } catch (error) {
    await rm(path + TEMPORARY, { force: true });
    throw error;
  }
}

/** Oldest first. */
async function listPictures(folder: string): Promise<{ name: string; bytes: number }[]> {
  const pictures: { name: string; bytes: number; mtimeMs: number }[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    const { size, mtimeMs } = await stat(path);
    const broken = name.endsWith(TEMPORARY) || size === 0;
    if (broken && isPictureName(name.replace(TEMPORARY, ''))) await rm(path, { force: true });
    else if (isPictureName(name)) pictures.push({ name, bytes: size, mtimeMs });
  }
  return pictures.sort((a, b) => a.mtimeMs - b.mtimeMs || a.name.localeCompare(b.name, 'en', { numeric: true }));
}
