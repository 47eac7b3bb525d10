import type { Manifest } from '../../core/recipe.ts';
import type { Classification, Classifier, ClassifierFailure } from '../../ports/classifier.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Answer } from './answers.ts';
import { type BackoffSpec, DEFAULT_BACKOFF } from './backoff.ts';
import type { ModelCommand } from './model-process.ts';
import { failed, RequestQueue } from './requests.ts';
import { checkHello, type GoldenVectors, selfTest, tensorBytes } from './self-test.ts';
import { Supervisor } from './supervisor.ts';

/** Whether the model answers; told at each change. */
export type ClassifierState =
  | { readonly kind: 'up'; readonly engine: string }
  | { readonly kind: 'down'; readonly detail: string; readonly retryMs: number };

export interface ProcessClassifierOptions {
  readonly command: ModelCommand;
  readonly manifest: Manifest;
  /** Vectors that the model must reproduce before `start` resolves. */
  readonly golden: GoldenVectors;
  /** Real time, also where the station's own is virtual: it watches a real process. */
  readonly clock: Clock;
  readonly onState?: (state: ClassifierState) => void;
  /** What the process prints, line by line. */
  readonly onLine?: (line: string) => void;
  /** A request that takes longer gets the process killed; 2,000 when left out. */
  readonly hangMs?: number;
  /** Requests that may wait behind the one in flight; 8 when left out. */
  readonly maxPending?: number;
  /** How long a model may load; 30,000 when left out. */
  readonly loadMs?: number;
  readonly backoff?: BackoffSpec;
}

/**
 * Runs the model in a child process behind the framed pipe of docs/classifier-protocol.md, one request at a time. A
 * process that dies, hangs or talks nonsense is replaced, and costs no more than the requests it held.
 */
export class ProcessClassifier implements Classifier {
  readonly #options: ProcessClassifierOptions;
  readonly #requests: RequestQueue;
  readonly #supervisor: Supervisor;
  readonly #tensorBytes: number;
  #cancelHang: () => void = () => undefined;

  constructor(options: ProcessClassifierOptions) {
    this.#options = options;
    this.#requests = new RequestQueue(options.maxPending ?? 8);
    this.#tensorBytes = tensorBytes(options.manifest);
    this.#supervisor = new Supervisor({
      command: options.command,
      labels: options.manifest.labels.length,
      clock: options.clock,
      loadMs: options.loadMs ?? 30_000,
      backoff: options.backoff ?? DEFAULT_BACKOFF,
      check: (hello) => checkHello(options.manifest, hello),
      onUp: ({ engine }) => options.onState?.({ kind: 'up', engine }),
      onDown: (reason, detail, retryMs) => this.#onDown(reason, detail, retryMs),
      onAnswer: (answer) => this.#onAnswer(answer),
      onLine: (line) => options.onLine?.(line),
    });
  }

  async start(): Promise<void> {
    await this.#supervisor.start();
    const never = new AbortController().signal;
    try {
      await selfTest(this.#options.manifest, this.#options.golden, (tensor) => this.classify(tensor, never));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  classify(tensor: Uint8Array, signal: AbortSignal): Promise<Classification> {
    if (this.#supervisor.process === undefined) {
      return Promise.resolve(failed('classifier-down', 'The model process is not running.'));
    }
    if (tensor.length !== this.#tensorBytes) {
      const detail = `The tensor has ${tensor.length} bytes where the model takes ${this.#tensorBytes}.`;
      return Promise.resolve(failed('bad-answer', detail));
    }
    const answer = this.#requests.add(tensor, signal);
    this.#sendNext();
    return answer;
  }

  async stop(): Promise<void> {
    this.#cancelHang();
    const stopped = this.#supervisor.stop();
    this.#requests.failAll('classifier-down', 'The classifier was stopped.');
    await stopped;
  }

  #sendNext(): void {
    const { process } = this.#supervisor;
    const request = process === undefined ? undefined : this.#requests.next();
    if (process === undefined || request === undefined) return;
    const { clock, hangMs = 2000 } = this.#options;
    // First the tensor: the part waits for its verdict while the timer is set.
    process.infer(request.id, request.tensor);
    this.#cancelHang = clock.at(clock.nowNs() + hangMs * 1e6, () => {
      this.#supervisor.replace('classifier-down', `it gave no answer within ${hangMs} ms`);
    });
  }

  #onAnswer(answer: Exclude<Answer, { kind: 'hello' }>): boolean {
    const classification: Classification =
      answer.kind === 'scores'
        ? { kind: 'scores', scores: answer.scores, inferenceNs: answer.inferenceNs }
        : failed('bad-answer', answer.text);
    if (!this.#requests.answer(answer.id, classification)) return false;
    this.#cancelHang();
    this.#sendNext();
    return true;
  }

  #onDown(reason: ClassifierFailure, detail: string, retryMs: number): void {
    this.#cancelHang();
    this.#requests.failAll(reason, detail);
    this.#options.onState?.({ kind: 'down', detail, retryMs });
  }
}
