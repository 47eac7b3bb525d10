import type { InferenceSession, Tensor } from 'onnxruntime-node';

/** Milliseconds for one picture on one thread of this machine. */
export interface Latency {
  readonly min: number;
  readonly median: number;
}

/** How long is measured: until one of both is reached. */
export interface Effort {
  readonly runs: number;
  readonly ms: number;
}

/** Enough for a median; a report is not worth a longer wait. */
const BRIEF: Effort = { runs: 40, ms: 1000 };
const WARM_UP_RUNS = 5;

/** Both models' latency, measured in turns, so that whatever else the machine does falls on both. */
export async function interleavedLatency(
  float: readonly [InferenceSession, Tensor],
  int8: readonly [InferenceSession, Tensor],
  { runs, ms }: Effort = BRIEF,
): Promise<{ readonly float: Latency; readonly int8: Latency }> {
  const times: { float: number[]; int8: number[] } = { float: [], int8: [] };
  for (let run = 0; run < WARM_UP_RUNS; run += 1) {
    await timed(float);
    await timed(int8);
  }
  const start = performance.now();
  while (times.float.length < runs && performance.now() - start < ms) {
    times.float.push(await timed(float));
    times.int8.push(await timed(int8));
  }
  return { float: summary(times.float), int8: summary(times.int8) };
}

async function timed([session, tensor]: readonly [InferenceSession, Tensor]): Promise<number> {
  const feed = { [session.inputNames[0] ?? '']: tensor };
  const start = performance.now();
  await session.run(feed);
  return performance.now() - start;
}

function summary(times: readonly number[]): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  const rounded = (ms: number | undefined) => Number((ms ?? 0).toFixed(3));
  return { min: rounded(sorted[0]), median: rounded(sorted[Math.floor(sorted.length / 2)]) };
}
