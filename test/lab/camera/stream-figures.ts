import { StreamChild } from '../../../agent/adapters/camera/stream-child.ts';
import type { FrameSink, StreamFrame, StreamSource } from '../../../agent/adapters/camera/stream-source.ts';
import { SystemClock } from '../../../agent/adapters/clock/system.ts';
import { percentile } from './percentile.ts';

/** What a camera's stream does while nothing goes wrong. */
export interface StreamFigures {
  readonly firstFrameMs: number;
  readonly framesPerSecond: number;
  readonly lost: number;
  /** Of these, because they were not read in time. */
  readonly dropped: number;
  readonly agesMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** While they come Node is still compiling what reads them. */
const warmUpFrames = 30;

/** Reads `frames` frames of the stream, after some more to warm up. */
export async function measure(source: StreamSource, frames: number): Promise<StreamFigures> {
  const clock = new SystemClock();
  const startedNs = clock.nowNs();
  const arrivals: { readonly frame: Omit<Required<StreamFrame>, 'pixels'>; readonly atNs: number }[] = [];
  let room: Uint8Array | undefined;
  let lost = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const sink: FrameSink = {
    room: (sizeBytes) => (room ??= new Uint8Array(sizeBytes)),
    streaming: () => undefined,
    damaged: () => lost++,
    frame: ({ sensorNs, sequence, strideBytes, dropped = 0 }) => {
      arrivals.push({ frame: { sensorNs, sequence, strideBytes, dropped }, atNs: clock.nowNs() });
      if (arrivals.length === warmUpFrames + frames) end();
    },
  };
  const reader = source.read(sink);
  const child = new StreamChild(source.command, {
    onBytes: (bytes) => reader.push(bytes, clock.nowNs()),
    onEnd: (detail) => {
      if (arrivals.length < warmUpFrames + frames) console.error(detail);
      end();
    },
  });
  await ended;
  await child.stop(clock);
  const firstFrameMs = ((arrivals[0]?.atNs ?? Number.NaN) - startedNs) / 1e6;
  const warm = arrivals.slice(warmUpFrames);
  const [first, last] = [warm[0], warm.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no frame came');
  const ages = warm.map(({ frame, atNs }) => (atNs - frame.sensorNs) / 1e6);
  return {
    firstFrameMs,
    framesPerSecond: ((warm.length - 1) * 1e9) / (last.frame.sensorNs - first.frame.sensorNs),
    lost: lost + last.frame.sequence - first.frame.sequence - (warm.length - 1),
    dropped: last.frame.dropped - first.frame.dropped,
    agesMs: { p50: percentile(ages, 0.5), p99: percentile(ages, 0.99), max: Math.max(...ages) },
  };
}
