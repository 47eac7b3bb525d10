import type { Classification, Classifier, ClassifierFailure } from '../../ports/classifier.ts';
import type { Clock } from '../../ports/clock.ts';
import { failed, RequestQueue } from './requests.ts';

export interface ScriptedClassifierOptions {
  readonly clock: Clock;
  readonly latencyMs: number;
  /** The scores of a tensor, or how it fails. */
  readonly answer: (tensor: Uint8Array) => readonly number[] | ClassifierFailure;
  /** Requests that may wait behind the one in flight; 8 when left out. */
  readonly maxPending?: number;
}

/** A classifier without a model, for tests and virtual time: one request at a time, each after the same latency. */
export class ScriptedClassifier implements Classifier {
  readonly #options: ScriptedClassifierOptions;
  readonly #requests: RequestQueue;
  #up = false;
  #cancelAnswer: () => void = () => undefined;

  constructor(options: ScriptedClassifierOptions) {
    this.#options = options;
    this.#requests = new RequestQueue(options.maxPending ?? 8);
  }

  /** Also brings it up again after `fail`. */
  async start(): Promise<void> {
    this.#up = true;
  }

  classify(tensor: Uint8Array, signal: AbortSignal): Promise<Classification> {
    if (!this.#up) return Promise.resolve(failed('classifier-down', 'The classifier is not running.'));
    const answer = this.#requests.add(tensor, signal);
    this.#answerNext();
    return answer;
  }

  async stop(): Promise<void> {
    this.fail('The classifier was stopped.');
  }

  /** From now on it is down, and all it holds fails, until it is started again. */
  fail(detail: string): void {
    this.#up = false;
    this.#cancelAnswer();
    this.#requests.failAll('classifier-down', detail);
  }

  #answerNext(): void {
    const request = this.#requests.next();
    if (request === undefined) return;
    const { clock, latencyMs, answer } = this.#options;
    const inferenceNs = latencyMs * 1e6;
    this.#cancelAnswer = clock.at(clock.nowNs() + inferenceNs, () => {
      const scripted = answer(request.tensor);
      const classification: Classification =
        typeof scripted === 'string'
          ? failed(scripted, 'The script says so.')
          : { kind: 'scores', scores: scripted, inferenceNs };
      this.#requests.answer(request.id, classification);
      this.#answerNext();
    });
  }
}
