import type { Frame } from '../../core/frame.ts';
import type { Pictures } from '../../ports/pictures.ts';
import { isPictureName } from './name.ts';

/** Keeps pictures in memory, for tests. */
export class MemoryPictures implements Pictures {
  readonly kept = new Map<string, Frame>();

  async start(): Promise<void> {}

  async keep(name: string, frame: Frame): Promise<boolean> {
    if (!isPictureName(name)) return false;
    this.kept.set(name, frame);
    return true;
  }

  async stop(): Promise<void> {}
}
