import { LinegateError, messageOf } from '../../core/errors.ts';
import type { ClassifierFailure } from '../../ports/classifier.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Answer, Hello } from './answers.ts';
import { type BackoffSpec, nextWaitMs } from './backoff.ts';
import { type ModelCommand, ModelProcess, type ProcessEnd } from './model-process.ts';

/** Exit status by which a model process says that the computer lacks something, not that the model is bad. */
const EXIT_MISSING_PACKAGE = 3;

export interface SupervisorOptions {
  readonly command: ModelCommand;
  readonly labels: number;
  readonly clock: Clock;
  readonly loadMs: number;
  readonly backoff: BackoffSpec;
  /** Throws a LinegateError when the process has loaded something else than it should. */
  readonly check: (hello: Hello) => void;
  readonly onUp: (hello: Hello) => void;
  readonly onDown: (reason: ClassifierFailure, detail: string, retryMs: number) => void;
  /** An answer to a request; false when nobody asked for it. */
  readonly onAnswer: (answer: Exclude<Answer, { kind: 'hello' }>) => boolean;
  readonly onLine: (line: string) => void;
}

type State =
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'loading';
      readonly process: ModelProcess;
      readonly cancelTimeout: () => void;
      /** The sentence by which it says why it cannot serve. */
      readonly complaint: string | undefined;
    }
  | { readonly kind: 'up'; readonly process: ModelProcess; readonly sinceNs: number }
  | { readonly kind: 'waiting'; readonly cancel: () => void };

/** Why a process is given up. */
interface Loss {
  readonly reason: ClassifierFailure;
  readonly detail: string;
  readonly error?: LinegateError;
  readonly exitCode?: number | null;
}

/** Keeps one model process loaded: replaces it, with growing waits, whenever it dies, hangs or talks nonsense. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  #state: State = { kind: 'stopped' };
  #waitedMs = 0;
  #firstLoad: { readonly resolve: () => void; readonly reject: (error: LinegateError) => void } | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Resolves when the first process has loaded the model; rejects with a LinegateError when it cannot. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#firstLoad = { resolve, reject };
      this.#launch();
    });
  }

  /** The process that answers; undefined while there is none. */
  get process(): ModelProcess | undefined {
    return this.#state.kind === 'up' ? this.#state.process : undefined;
  }

  /** Kills the process that is up and starts another. */
  replace(reason: ClassifierFailure, detail: string): void {
    if (this.#state.kind === 'up') this.#lose(this.#state.process, { reason, detail });
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'stopped' };
    if (state.kind === 'waiting') state.cancel();
    if (state.kind === 'loading') state.cancelTimeout();
    this.#firstLoad?.reject(new LinegateError('bad-model', 'The classifier was stopped before its model was loaded.'));
    this.#firstLoad = undefined;
    if (state.kind === 'loading' || state.kind === 'up') await state.process.stop(this.#options.clock);
  }

  #launch(): void {
    const { command, labels, clock, loadMs, onLine } = this.#options;
    const process: ModelProcess = new ModelProcess(command, labels, {
      onLine,
      onAnswer: (answer) => this.#onAnswer(process, answer),
      onBroken: (detail) => this.#lose(process, { reason: 'bad-answer', detail }),
      onEnd: (end) => this.#onEnd(process, end),
    });
    const cancelTimeout = clock.at(clock.nowNs() + loadMs * 1e6, () => {
      this.#lose(process, { reason: 'classifier-down', detail: `it had not loaded its model after ${loadMs} ms` });
    });
    this.#state = { kind: 'loading', process, cancelTimeout, complaint: undefined };
  }

  #onAnswer(process: ModelProcess, answer: Answer): void {
    const state = this.#state;
    if ((state.kind !== 'loading' && state.kind !== 'up') || state.process !== process) return;
    if (state.kind === 'loading') this.#onFirstAnswer(state, answer);
    else if (answer.kind === 'hello' || !this.#options.onAnswer(answer)) {
      this.#lose(process, { reason: 'bad-answer', detail: 'it answered what nobody asked' });
    }
  }

  #onFirstAnswer(state: Extract<State, { kind: 'loading' }>, answer: Answer): void {
    if (answer.kind === 'hello') this.#greet(state.process, answer.hello);
    else if (answer.kind === 'error' && answer.id === 0) this.#state = { ...state, complaint: answer.text };
    else this.#lose(state.process, { reason: 'bad-answer', detail: 'it answered before its hello' });
  }

  #greet(process: ModelProcess, hello: Hello): void {
    try {
      this.#options.check(hello);
    } catch (thrown) {
      const error = thrown instanceof LinegateError ? thrown : new LinegateError('bad-model', messageOf(thrown));
      this.#lose(process, { reason: 'classifier-down', detail: error.message, error });
      return;
    }
    if (this.#state.kind === 'loading') this.#state.cancelTimeout();
    this.#state = { kind: 'up', process, sinceNs: this.#options.clock.nowNs() };
    this.#options.onUp(hello);
    this.#firstLoad?.resolve();
    this.#firstLoad = undefined;
  }

  #onEnd(process: ModelProcess, { exitCode, detail }: ProcessEnd): void {
    this.#lose(process, { reason: 'classifier-down', detail, exitCode });
  }

  /** Gives up `process`, unless that has happened already. */
  #lose(process: ModelProcess, loss: Loss): void {
    const state = this.#state;
    if ((state.kind !== 'loading' && state.kind !== 'up') || state.process !== process) return;
    process.kill();
    if (state.kind === 'loading') state.cancelTimeout();
    const complaint = state.kind === 'loading' ? state.complaint : undefined;
    if (this.#firstLoad === undefined) {
      this.#restartLater(state.kind === 'up' ? state.sinceNs : undefined, loss, complaint);
      return;
    }
    this.#state = { kind: 'stopped' };
    this.#firstLoad.reject(loss.error ?? loadError(loss, complaint));
    this.#firstLoad = undefined;
  }

  #restartLater(upSinceNs: number | undefined, { reason, detail }: Loss, complaint: string | undefined): void {
    const { clock, backoff, onDown } = this.#options;
    const nowNs = clock.nowNs();
    const ranMs = upSinceNs === undefined ? 0 : (nowNs - upSinceNs) / 1e6;
    this.#waitedMs = nextWaitMs(backoff, this.#waitedMs, ranMs);
    this.#state = { kind: 'waiting', cancel: clock.at(nowNs + this.#waitedMs * 1e6, () => this.#launch()) };
    onDown(reason, complaint ?? `The model process is lost: ${detail}.`, this.#waitedMs);
  }
}

function loadError({ detail, exitCode }: Loss, complaint: string | undefined): LinegateError {
  const code = exitCode === EXIT_MISSING_PACKAGE ? 'missing-package' : 'bad-model';
  return new LinegateError(code, complaint ?? `The model process did not load its model: ${detail}.`);
}
