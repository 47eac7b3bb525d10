import type { Pictures } from '../../ports/pictures.ts';

/** Keeps no pictures. */
export class NoPictures implements Pictures {
  async start(): Promise<void> {}

  async keep(): Promise<boolean> {
    return false;
  }

  async drop(): Promise<number> {
    return 0;
  }

  async stop(): Promise<void> {}
}
