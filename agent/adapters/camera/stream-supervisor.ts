import { LinegateError, messageOf } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { StreamChild } from './stream-child.ts';
import type { FrameSink, StreamReader, StreamSource } from './stream-source.ts';

/** Whether the camera gives frames; told at each change. */
export type CameraState =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failing'; readonly message: string; readonly retryMs: number };

/** How soon a program that ended is started again. */
export interface StreamBackoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

export interface StreamSupervisorOptions {
  readonly source: StreamSource;
  readonly clock: Clock;
  readonly sink: FrameSink;
  /** How long the program may take to its first frame. */
  readonly startMs: number;
  /** Without a frame for this long the program is replaced; null where frames come at triggers only. */
  readonly stallMs: number | null;
  readonly backoff: StreamBackoff;
  readonly onState: (state: CameraState) => void;
}

type State =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly child: StreamChild }
  | { readonly kind: 'up'; readonly child: StreamChild }
  | { readonly kind: 'waiting' };

/** Keeps one program streaming: replaces it, with growing waits, whenever it ends, stalls or sends nonsense. */
export class StreamSupervisor {
  readonly #options: StreamSupervisorOptions;
  #state: State = { kind: 'stopped' };
  #failure = 'The camera is not started.';
  #waitMs = 0;
  #cancelTimer: () => void = () => undefined;
  #bytesSeen = 0;
  #framesSeen = 0;
  #first: { readonly resolve: () => void; readonly reject: (error: LinegateError) => void } | undefined;

  constructor(options: StreamSupervisorOptions) {
    this.#options = options;
  }

  /** Why there are no frames; undefined while there are. */
  get failure(): string | undefined {
    return this.#state.kind === 'up' ? undefined : this.#failure;
  }

  /** Resolves with the first frame; rejects with a LinegateError 'device' when there is none. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#first = { resolve, reject };
      this.#launch();
    });
  }

  async stop(): Promise<void> {
    const state = this.#state;
    this.#cancelTimer();
    this.#state = { kind: 'stopped' };
    this.#failure = 'The camera is not started.';
    this.#rejectFirst('it was stopped');
    if (state.kind === 'starting' || state.kind === 'up') await state.child.stop(this.#options.clock);
  }

  /** Gives the program up and starts another. */
  replace(why: string): void {
    const state = this.#state;
    if (state.kind !== 'starting' && state.kind !== 'up') return;
    state.child.kill();
    this.#lose(why);
  }

  #launch(): void {
    const { source, clock } = this.#options;
    const reader = source.read(this.#watchedSink());
    const child: StreamChild = new StreamChild(source.command, {
      onBytes: (bytes) => this.#onBytes(reader, bytes),
      onEnd: (detail) => {
        if ('child' in this.#state && this.#state.child === child) this.#lose(detail);
      },
    });
    this.#framesSeen = 0;
    this.#state = { kind: 'starting', child };
    const startMs = this.#options.startMs;
    this.#cancelTimer = clock.at(clock.nowNs() + startMs * 1e6, () => this.#onSlowStart());
  }

  /** A camera that waits for its triggers has nothing to show yet. */
  #onSlowStart(): void {
    const { stallMs, startMs } = this.#options;
    if (stallMs === null) this.#onStreaming();
    else this.replace(`it gave no frame within ${startMs} ms of its start`);
  }

  #watchedSink(): FrameSink {
    const { sink, stallMs } = this.#options;
    return {
      room: (sizeBytes) => sink.room(sizeBytes),
      damaged: () => sink.damaged(),
      streaming: () => {
        if (stallMs === null) this.#onStreaming();
      },
      frame: (frame) => {
        this.#framesSeen++;
        if (stallMs === null) this.#waitMs = 0;
        sink.frame(frame);
        this.#onStreaming();
      },
    };
  }

  #onBytes(reader: StreamReader, bytes: Uint8Array): void {
    this.#bytesSeen += bytes.length;
    try {
      reader.push(bytes, this.#options.clock.nowNs());
    } catch (error) {
      this.replace(messageOf(error).replace(/\.$/, ''));
    }
  }

  #onStreaming(): void {
    if (this.#state.kind !== 'starting') return;
    this.#cancelTimer();
    this.#state = { kind: 'up', child: this.#state.child };
    this.#watchStall();
    const first = this.#first;
    this.#first = undefined;
    first?.resolve();
    this.#options.onState({ kind: 'ok' });
  }

  /** One look per stall time: since the look before there must have been a frame. */
  #watchStall(): void {
    const { clock, stallMs } = this.#options;
    if (stallMs === null) return;
    const framesBefore = this.#framesSeen;
    this.#cancelTimer = clock.at(clock.nowNs() + stallMs * 1e6, () => {
      if (this.#framesSeen > framesBefore) {
        this.#waitMs = 0;
        this.#watchStall();
      } else this.#doubt(framesBefore, stallMs);
    });
  }

  /** After the event loop was held up this timer comes before the bytes that wait: they get their turn first. */
  #doubt(framesBefore: number, stallMs: number): void {
    const { clock } = this.#options;
    const bytesBefore = this.#bytesSeen;
    setImmediate(() => {
      if (this.#state.kind !== 'up') return;
      if (this.#bytesSeen === bytesBefore) return this.replace(`it gave no frame for ${stallMs} ms`);
      this.#cancelTimer = clock.at(clock.nowNs() + stallMs * 1e6, () => {
        if (this.#framesSeen > framesBefore) this.#watchStall();
        else this.replace(`it gave no whole frame for ${2 * stallMs} ms`);
      });
    });
  }

  #lose(why: string): void {
    const { source, clock, backoff } = this.#options;
    this.#cancelTimer();
    this.#failure = `The camera ${source.name} gives no frames (${why}).`;
    if (this.#first !== undefined) {
      this.#state = { kind: 'stopped' };
      this.#rejectFirst(why);
      return;
    }
    this.#waitMs = this.#waitMs === 0 ? backoff.firstMs : Math.min(this.#waitMs * 2, backoff.longestMs);
    this.#state = { kind: 'waiting' };
    this.#cancelTimer = clock.at(clock.nowNs() + this.#waitMs * 1e6, () => this.#launch());
    this.#options.onState({ kind: 'failing', message: this.#failure, retryMs: this.#waitMs });
  }

  #rejectFirst(why: string): void {
    const first = this.#first;
    this.#first = undefined;
    const message = `The camera ${this.#options.source.name} does not start (${why}): see docs/cameras.md.`;
    first?.reject(new LinegateError('device', message));
  }
}
