import { LinegateError } from '../../core/errors.ts';
import type { PartId } from '../../core/part-record.ts';
import type { Camera, Capture } from '../../ports/camera.ts';
import type { Clock } from '../../ports/clock.ts';
import { FrameRing } from './stream-ring.ts';
import type { FrameSink, StreamFrame, StreamSource } from './stream-source.ts';
import { type CameraState, type StreamBackoff, StreamSupervisor } from './stream-supervisor.ts';
import { Waiters } from './stream-waiters.ts';

export type { CameraState } from './stream-supervisor.ts';

/** How frames belong to triggers. */
export interface StreamTiming {
  readonly framesPerSecond: number;
  /** How far a part's frame may be from the moment it is expected at; 0.6 of a frame's time when left out. */
  readonly windowMs?: number;
  /** Without a frame for this long the camera counts as stalled and is started again; 1,000 when left out. */
  readonly stallMs?: number;
  /** The camera takes one frame at each trigger, this long after it. */
  readonly externalTrigger?: { readonly delayMs: number };
}

export interface StreamCameraOptions extends StreamTiming {
  readonly source: StreamSource;
  readonly clock: Clock;
  readonly onState?: (state: CameraState) => void;
  /** How long the program may take to its first frame; 10,000 when left out. */
  readonly startMs?: number;
  readonly backoff?: StreamBackoff;
}

const DEFAULT_BACKOFF: StreamBackoff = { firstMs: 200, longestMs: 2000 };
const FRAMES_KEPT = 8;
/** A time further off than this is of another clock. */
const OTHER_CLOCK_NS = 5e9;
/** An external trigger that gives no frame may be a bad one; so many in a row mean the camera. */
const MISSES_OF_A_STALL = 3;

/**
 * A camera whose frames a program streams: the frame of a trigger is the one whose sensor time is nearest to it. A
 * program that ends or stalls is started again, and costs no more than the frames of that time.
 */
export class StreamCamera implements Camera {
  readonly #options: StreamCameraOptions;
  readonly #ring = new FrameRing(FRAMES_KEPT);
  readonly #waiters: Waiters;
  readonly #supervisor: StreamSupervisor;
  readonly #delayNs: number;
  readonly #windowNs: number;
  /** A frame no further before the expected moment than this is its nearest: the next one is further after it. */
  readonly #sureNs: number;
  readonly #waitNs: number;
  #started = false;
  #lastSequence = -1;
  /** What a run of the program counts from; undefined until its first frame. */
  #firstSequence: number | undefined;
  #lost = 0;
  /** Of these, in earlier runs and in this one, those that were dropped because nobody read them in time. */
  #droppedBefore = 0;
  #dropped = 0;
  #missed = 0;

  constructor(options: StreamCameraOptions) {
    const { source, clock, framesPerSecond, externalTrigger, stallMs = 1000, startMs = 10_000 } = options;
    const periodNs = 1e9 / framesPerSecond;
    this.#options = options;
    this.#waiters = new Waiters(clock);
    this.#delayNs = (externalTrigger?.delayMs ?? 0) * 1e6;
    this.#windowNs = options.windowMs === undefined ? 0.6 * periodNs : options.windowMs * 1e6;
    this.#sureNs = externalTrigger === undefined ? 0.45 * periodNs : this.#windowNs;
    this.#waitNs = stallMs * 1e6;
    this.#supervisor = new StreamSupervisor({
      source,
      clock,
      sink: this.#sink(),
      startMs,
      stallMs: externalTrigger === undefined ? stallMs : null,
      backoff: options.backoff ?? DEFAULT_BACKOFF,
      onState: (state) => this.#onState(state),
    });
  }

  async start(): Promise<void> {
    await this.#supervisor.start();
    this.#started = true;
  }

  async capture(_part: PartId, triggerNs: number, signal: AbortSignal): Promise<Capture> {
    if (!this.#started) return noFrame('The camera is not started.');
    if (signal.aborted) return noFrame('The part was given up before its frame came.');
    const expectedNs = triggerNs + this.#delayNs;
    if (this.#ring.newestNs < expectedNs - this.#sureNs && this.#supervisor.failure === undefined) {
      const lastNs = Math.max(expectedNs + this.#windowNs, this.#options.clock.nowNs()) + this.#waitNs;
      await this.#waiters.wait(expectedNs - this.#sureNs, lastNs, signal);
    }
    const capture = this.#take(expectedNs, signal);
    if (capture.kind === 'no-frame') this.#countMiss(expectedNs);
    return capture;
  }

  async stop(): Promise<void> {
    this.#started = false;
    const stopped = this.#supervisor.stop();
    this.#waiters.release();
    this.#ring.clear();
    this.#firstSequence = undefined;
    await stopped;
  }

  #take(expectedNs: number, signal: AbortSignal): Capture {
    if (signal.aborted) return noFrame('The part was given up before its frame came.');
    const nearest = this.#ring.nearest(expectedNs);
    if (nearest === undefined || nearest.apartNs > this.#windowNs) return noFrame(this.#whyNone(nearest?.apartNs));
    const { frame, shared } = this.#options.source.toFrame(nearest.frame);
    this.#ring.take(nearest.frame, shared);
    return { kind: 'frame', frame: { ...frame, sequence: nearest.frame.sequence } };
  }

  #whyNone(apartNs: number | undefined): string {
    const { failure } = this.#supervisor;
    if (failure !== undefined) return failure;
    const nearest = apartNs === undefined ? 'there is no other' : `the nearest was ${ms(apartNs)} away`;
    return `No frame was taken within ${ms(this.#windowNs)} of its moment: ${nearest}${this.#losses()}.`;
  }

  #losses(): string {
    if (this.#lost === 0) return '';
    const dropped = this.#droppedBefore + this.#dropped;
    const slow = dropped === 0 ? '' : `, ${dropped} of them because this computer did not keep up`;
    return `; ${this.#lost} frames were lost since the start${slow}`;
  }

  #countMiss(expectedNs: number): void {
    if (this.#options.externalTrigger === undefined || this.#supervisor.failure !== undefined) return;
    if (this.#options.clock.nowNs() < expectedNs + this.#windowNs) return;
    if (++this.#missed < MISSES_OF_A_STALL) return;
    this.#supervisor.replace(`${this.#missed} triggers in a row gave no frame`);
    this.#missed = 0;
  }

  #sink(): FrameSink {
    return {
      room: (sizeBytes) => this.#ring.room(sizeBytes),
      streaming: () => undefined,
      frame: (frame) => this.#onFrame(frame),
      damaged: () => {
        this.#lost++;
      },
    };
  }

  #onFrame(frame: StreamFrame): void {
    const offNs = frame.sensorNs - this.#options.clock.nowNs();
    if (Math.abs(offNs) > OTHER_CLOCK_NS) {
      const message = `its times are ${(offNs / 1e9).toFixed(1)} s off the clock of this computer`;
      throw new LinegateError('bad-message', message);
    }
    this.#firstSequence ??= this.#lastSequence + 1 - frame.sequence;
    const sequence = this.#firstSequence + frame.sequence;
    this.#lost += Math.max(0, sequence - this.#lastSequence - 1);
    this.#lastSequence = sequence;
    this.#dropped = frame.dropped ?? 0;
    this.#missed = 0;
    this.#ring.put({ ...frame, sequence });
    this.#waiters.release(frame.sensorNs);
  }

  #onState(state: CameraState): void {
    if (state.kind === 'failing') {
      this.#firstSequence = undefined;
      this.#droppedBefore += this.#dropped;
      this.#dropped = 0;
      this.#waiters.release();
    }
    this.#options.onState?.(state);
  }
}

function noFrame(reason: string): Capture {
  return { kind: 'no-frame', reason };
}

function ms(ns: number): string {
  return `${(ns / 1e6).toFixed(1)} ms`;
}
