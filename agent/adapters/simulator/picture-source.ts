import { Worker } from 'node:worker_threads';
import { siblingEntry } from '../../core/entry.ts';
import { LinegateError } from '../../core/errors.ts';
import type { PartSource, Picture, VirtualPart } from './belt.ts';
import type { PictureAnswer, PictureJob, PictureRequest } from './picture-job.ts';

/** Draws lots for what the parts are: the same index always gives the same part. */
export interface Lots {
  draw(index: number): { readonly part: VirtualPart; readonly job: PictureJob };
}

interface Waiting {
  readonly resolve: (picture: Picture) => void;
  readonly reject: (error: Error) => void;
}

/** The first few take up to twenty times as long as those after them: the thread's code is not compiled yet. */
const slowPictures = 3;

/** Jobs in the thread's hands: one that it works on and one that it finds when that is done. The others can be taken back. */
const maxInHand = 2;

/** Makes the pictures of the virtual parts in a thread, ahead of the camera. */
export class PictureSource implements PartSource {
  readonly #lots: Lots;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ready = new Map<number, Promise<Picture>>();
  /** Not yet given to the thread. */
  readonly #queue = new Set<number>();
  #inHand = 0;
  #thread: Worker | undefined;

  constructor(lots: Lots) {
    this.#lots = lots;
  }

  /** Resolves when pictures come at their usual pace. */
  async start(): Promise<void> {
    const thread = new Worker(siblingEntry(import.meta.url, './picture-thread.ts'), { env: {} });
    thread.on('message', (answer: PictureAnswer) => this.#answered(answer));
    thread.on('error', (error) => this.#fail(error));
    thread.on('exit', () => this.#fail(new LinegateError('device', 'The thread that makes pictures ended.')));
    this.#thread = thread;
    for (let index = 0; index < slowPictures; index += 1) this.prepare(index);
    await Promise.allSettled(this.#ready.values());
  }

  part(index: number): VirtualPart {
    return this.#lots.draw(index).part;
  }

  prepare(index: number): void {
    if (this.#ready.has(index)) return;
    const made = new Promise<Picture>((resolve, reject) => this.#waiting.set(index, { resolve, reject }));
    // Whoever wants the picture hears of the failure; until then nobody listens.
    made.catch(() => {});
    this.#ready.set(index, made);
    this.#queue.add(index);
    this.#sendNext();
  }

  picture(index: number): Promise<Picture> {
    this.prepare(index);
    const made = this.#ready.get(index) ?? Promise.reject(new LinegateError('device', 'There is no picture.'));
    this.#ready.delete(index);
    return made;
  }

  /** A picture that is not begun is not made: a thread that fell behind must not work for parts that are gone. */
  discard(index: number): void {
    this.#ready.delete(index);
    if (!this.#queue.delete(index)) return;
    this.#waiting.get(index)?.reject(new LinegateError('device', 'The part had passed before its picture was made.'));
    this.#waiting.delete(index);
  }

  async stop(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    thread?.removeAllListeners('exit');
    await thread?.terminate();
    this.#fail(new LinegateError('device', 'The simulated camera was stopped.'));
  }

  #sendNext(): void {
    for (const index of this.#queue) {
      if (this.#inHand >= maxInHand) return;
      this.#queue.delete(index);
      this.#inHand += 1;
      const request: PictureRequest = { id: index, job: this.#lots.draw(index).job };
      this.#thread?.postMessage(request);
    }
  }

  #answered(answer: PictureAnswer): void {
    this.#inHand -= 1;
    this.#sendNext();
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve({ data: answer.data, widthPx: answer.widthPx, heightPx: answer.heightPx });
    else waiting?.reject(new LinegateError('bad-image', answer.message));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#queue.clear();
  }
}
