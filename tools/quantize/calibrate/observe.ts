import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { exposedName } from '../emit/onnx-file.ts';
import type { Range } from '../quantize/plan.ts';
import { runSession } from './session.ts';

const BINS = 2048;

/** The smallest and largest number of every exposed value over `pictures`. */
export async function observeRanges(
  session: InferenceSession,
  values: readonly string[],
  pictures: readonly Tensor[],
): Promise<Map<string, Range>> {
  const ranges = new Map<string, Range>();
  for (const picture of pictures) {
    const results = await runSession(session, picture);
    for (const value of values) {
      ranges.set(value, widened(ranges.get(value), results.get(exposedName(value)) ?? new Float32Array()));
    }
  }
  return ranges;
}

function widened(range: Range | undefined, numbers: Float32Array): Range {
  let min = range?.min ?? Number.POSITIVE_INFINITY;
  let max = range?.max ?? Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    if (number < min) min = number;
    if (number > max) max = number;
  }
  return { min, max };
}

/** The mean of every channel of every exposed value over `pictures`; `channelsOf` gives how many a value has. */
export async function channelMeans(
  session: InferenceSession,
  values: readonly string[],
  pictures: readonly Tensor[],
  channelsOf: (value: string) => number,
): Promise<Map<string, Float32Array>> {
  const sums = new Map(values.map((value) => [value, new Float64Array(channelsOf(value))]));
  for (const picture of pictures) {
    const results = await runSession(session, picture);
    for (const [value, sum] of sums) addMeans(sum, results.get(exposedName(value)) ?? new Float32Array());
  }
  return new Map([...sums].map(([value, sum]) => [value, Float32Array.from(sum, (one) => one / pictures.length)]));
}

/** Adds the mean of every channel of one tensor, channels first. */
function addMeans(sums: Float64Array, numbers: Float32Array): void {
  const places = numbers.length / sums.length;
  for (const [i, number] of numbers.entries()) {
    const channel = Math.floor(i / places);
    sums[channel] = (sums[channel] ?? 0) + number / places;
  }
}

/** `ranges` narrowed to hold `share` of all numbers of each value, cutting as much from either end. */
export async function percentileRanges(
  session: InferenceSession,
  ranges: ReadonlyMap<string, Range>,
  pictures: readonly Tensor[],
  share: number,
): Promise<Map<string, Range>> {
  const counts = new Map([...ranges.keys()].map((value) => [value, new Float64Array(BINS)]));
  for (const picture of pictures) {
    const results = await runSession(session, picture);
    for (const [value, range] of ranges) {
      addCounts(
        counts.get(value) ?? new Float64Array(BINS),
        results.get(exposedName(value)) ?? new Float32Array(),
        range,
      );
    }
  }
  return new Map([...ranges].map(([value, range]) => [value, narrowed(range, counts.get(value) ?? [], share)]));
}

function addCounts(counts: Float64Array, numbers: Float32Array, { min, max }: Range): void {
  const factor = max > min ? BINS / (max - min) : 0;
  for (const number of numbers) {
    const bin = Math.min(BINS - 1, Math.floor((number - min) * factor));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
}

/** The range without the tails of its histogram that hold (1 - share) / 2 of the numbers each. */
export function narrowed({ min, max }: Range, counts: ArrayLike<number>, share: number): Range {
  const list = Array.from(counts);
  const tail = (list.reduce((sum, count) => sum + count, 0) * (1 - share)) / 2;
  const cutBelow = binsWithin(list, tail);
  const cutAbove = binsWithin(list.reverse(), tail);
  const width = (max - min) / Math.max(1, list.length);
  return { min: min + cutBelow * width, max: max - cutAbove * width };
}

/** How many bins from the start hold at most `limit` together. */
function binsWithin(counts: readonly number[], limit: number): number {
  let sum = 0;
  const end = counts.findIndex((count) => {
    sum += count;
    return sum > limit;
  });
  return Math.max(0, end);
}
