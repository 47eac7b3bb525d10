import type { Classification, ClassifierFailure } from '../../ports/classifier.ts';

/** One tensor on its way. */
export interface Request {
  readonly id: number;
  readonly tensor: Uint8Array;
  /** Settles the promise of the request; only the first call counts. */
  readonly settle: (classification: Classification) => void;
}

const LAST_ID = 0xffff_ffff;

/** A classification that failed. */
export function failed(reason: ClassifierFailure, detail: string): Classification {
  return { kind: 'failed', reason, detail };
}

/** Requests in order: at most one in flight, at most `maxWaiting` behind it. Every request settles exactly once. */
export class RequestQueue {
  readonly #maxWaiting: number;
  readonly #waiting: Request[] = [];
  #inFlight: Request | undefined;
  #lastId = 0;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /** Queues a tensor; when `signal` aborts it settles as 'aborted', and is dropped unless it is in flight by then. */
  add(tensor: Uint8Array, signal: AbortSignal): Promise<Classification> {
    if (signal.aborted) return Promise.resolve(failed('aborted', 'The request was aborted before it was made.'));
    if (this.#waiting.length >= this.#maxWaiting) {
      return Promise.resolve(failed('overflow', `${this.#maxWaiting} requests are waiting already.`));
    }
    return new Promise((resolve) => {
      const onAbort = (): void => {
        this.#drop(request);
        resolve(failed('aborted', 'The request was aborted.'));
      };
      const settle = (classification: Classification): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(classification);
      };
      const request = { id: this.#nextId(), tensor, settle };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(request);
    });
  }

  /** Takes the next request into flight; undefined when one is in flight or none waits. */
  next(): Request | undefined {
    if (this.#inFlight !== undefined) return undefined;
    this.#inFlight = this.#waiting.shift();
    return this.#inFlight;
  }

  /** Settles the request in flight; false when `id` is not the one. */
  answer(id: number, classification: Classification): boolean {
    const request = this.#inFlight;
    if (request === undefined || request.id !== id) return false;
    this.#inFlight = undefined;
    request.settle(classification);
    return true;
  }

  /** Settles all requests with the same failure. */
  failAll(reason: ClassifierFailure, detail: string): void {
    const requests = this.#waiting.splice(0);
    if (this.#inFlight !== undefined) requests.unshift(this.#inFlight);
    this.#inFlight = undefined;
    for (const request of requests) request.settle(failed(reason, detail));
  }

  #drop(request: Request): void {
    const index = this.#waiting.indexOf(request);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  #nextId(): number {
    this.#lastId = this.#lastId === LAST_ID ? 1 : this.#lastId + 1;
    return this.#lastId;
  }
}
