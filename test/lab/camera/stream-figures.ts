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

/** Reads `frames` frames of the stream. */
export async function measure(source: StreamSource, frames: number): Promise<StreamFigures> {
  const clock = new SystemClock();
  const startedNs = clock.nowNs();
  const arrivals: { readonly frame: Omit<StreamFrame, 'pixels'>; readonly atNs: number }[] = [];
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
      if (arrivals.length === frames) end();
    },
  };
  const reader = source.read(sink);
  const child = new StreamChild(source.command, {
    onBytes: (bytes) => reader.push(bytes, clock.nowNs()),
    onEnd: (detail) => {
      if (arrivals.length < frames) console.error(detail);
      end();
    },
  });
  await ended;
  await child.stop(clock);
  const [first, last] = [arrivals[0], arrivals.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no frame came');
  const ages = arrivals.map(({ frame, atNs }) => (atNs - frame.sensorNs) / 1e6);
  return {
    firstFrameMs: (first.atNs - startedNs) / 1e6,
    framesPerSecond: ((arrivals.length - 1) * 1e9) / (last.frame.sensorNs - first.frame.sensorNs),
    lost: lost + last.frame.sequence - first.frame.sequence - (arrivals.length - 1),
    dropped: last.frame.dropped ?? 0,
    agesMs: { p50: percentile(ages, 0.5), p99: percentile(ages, 0.99), max: Math.max(...ages) },
  };
}
