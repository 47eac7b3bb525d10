import { StreamChild } from '../../adapters/camera/stream-child.ts';
import type { FrameSink, StreamFrame, StreamSource } from '../../adapters/camera/stream-source.ts';
import { SystemClock } from '../../adapters/clock/system.ts';
import { messageOf } from '../../core/errors.ts';
import type { CameraLook } from '../probes.ts';

/** A camera's stream and what was asked of it. */
export interface Stream {
  readonly source: StreamSource;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly format: string;
}

/** A camera that has given no frame by then gives none. */
const startMs = 6000;

/** Runs the program of the stream until `seconds` after its first frame. Never rejects. */
export async function measureStream(stream: Stream, seconds: number): Promise<CameraLook> {
  const clock = new SystemClock();
  const tally = new Tally(clock.nowNs());
  let ended: string | null = null;
  let wake: () => void = () => undefined;
  const reader = stream.source.read(tally);
  const child = new StreamChild(stream.source.command, {
    onBytes: (bytes) => {
      try {
        reader.push(bytes, clock.nowNs());
      } catch (error) {
        ended = messageOf(error);
        wake();
      }
    },
    onEnd: (detail) => {
      ended ??= detail;
      wake();
    },
  });
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.at(clock.nowNs() + ms * 1e6, resolve);
      wake = () => {
        cancel();
        resolve();
      };
      tally.onFirst = wake;
    });
  await wait(startMs);
  if (tally.frames > 0 && ended === null) await wait(seconds * 1000);
  const detail = ended;
  await child.stop(clock);
  return detail !== null || tally.frames < 2 ? failed(stream, detail) : tally.look(stream);
}

function failed({ source }: Stream, detail: string | null): CameraLook {
  const why = (detail ?? `it gave no frames within ${startMs / 1000} s`).replace(/\.$/, '');
  const kind = /busy|in use|used by/i.test(why) ? 'busy' : 'failed';
  // Some programs say it in a sentence of their own.
  const sentence = why.startsWith('The camera') ? `${why}.` : `The camera ${source.name} gives no frames: ${why}.`;
  return { kind, detail: sentence };
}

/** Counts frames and remembers nothing of them but their times. */
class Tally implements FrameSink {
  readonly #startNs: number;
  onFirst: () => void = () => undefined;
  frames = 0;
  #arrivedNs = 0;
  #first: StreamFrame | undefined;
  #last: StreamFrame | undefined;
  #longestNs = 0;
  #missed = 0;
  #room = new Uint8Array();

  constructor(startNs: number) {
    this.#startNs = startNs;
  }

  room(sizeBytes: number): Uint8Array {
    if (this.#room.length !== sizeBytes) this.#room = new Uint8Array(sizeBytes);
    return this.#room;
  }

  streaming(): void {}

  damaged(): void {
    this.#missed += 1;
  }

  frame(frame: StreamFrame): void {
    const last = this.#last;
    this.frames += 1;
    this.#last = frame;
    if (last === undefined) {
      this.#first = frame;
      this.#arrivedNs = new SystemClock().nowNs();
      this.onFirst();
      return;
    }
    this.#longestNs = Math.max(this.#longestNs, frame.sensorNs - last.sensorNs);
    this.#missed += Math.max(0, frame.sequence - last.sequence - 1);
  }

  look({ source, widthPx, heightPx, format }: Stream): CameraLook {
    const spanNs = (this.#last?.sensorNs ?? 0) - (this.#first?.sensorNs ?? 0);
    const { clock } = source.toFrame(
      this.#last ?? { pixels: this.#room, sensorNs: 0, sequence: 0, strideBytes: 0 },
    ).frame;
    return {
      kind: 'seen',
      // The first frame begins the time that the others fill.
      frames: this.frames - 1,
      seconds: Math.round(spanNs / 1e6) / 1000,
      widthPx,
      heightPx,
      format,
      clock,
      firstFrameMs: Math.round((this.#arrivedNs - this.#startNs) / 1e6),
      longestGapMs: Math.round(this.#longestNs / 1e5) / 10,
      missed: this.#missed,
    };
  }
}
