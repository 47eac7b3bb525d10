import type { Frame } from '../../core/frame.ts';
import type { Pictures } from '../../ports/pictures.ts';
import { isPictureName } from './name.ts';
import { Shelf } from './shelf.ts';

/** Keeps pictures in memory, for tests. */
export class MemoryPictures implements Pictures {
  readonly kept = new Map<string, Frame>();
  readonly #shelf = new Shelf(Number.POSITIVE_INFINITY);

  async start(): Promise<void> {}

  async keep(name: string, frame: Frame): Promise<boolean> {
    if (!isPictureName(name)) return false;
    this.kept.set(name, frame);
    this.#shelf.add(name, frame.data.length);
    return true;
  }

  async drop(sizeBytes: number): Promise<number> {
    const before = this.#shelf.totalBytes;
    for (const name of this.#shelf.leastWanted(sizeBytes)) {
      this.kept.delete(name);
      this.#shelf.remove(name);
    }
    return before - this.#shelf.totalBytes;
  }

  async stop(): Promise<void> {}
}
