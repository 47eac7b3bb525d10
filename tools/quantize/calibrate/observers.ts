import type { Observed } from '../quantize/make-plan.ts';
import type { Range } from '../quantize/plan.ts';
import type { ChannelStatistics } from './channel-statistics.ts';
import { type Bin, leastErrorRange, percentileRange } from './histogram.ts';
import type { Statistics } from './statistics.ts';

/** How ranges are taken from the calibration pictures; never as a mean over pictures, which cuts off what is rare. */
export type Observer = 'min-max' | 'percentile-99.99' | 'mse';

export const OBSERVERS = ['min-max', 'percentile-99.99', 'mse'] as const satisfies readonly Observer[];

const PERCENTILE = 0.9999;
/** A value of fewer numbers a picture has no tail that could be cut off: each of its numbers counts. */
const FEW_NUMBERS = 1024;
/** For what the calibration pictures did not reach of such a value. */
const HEADROOM = 1.2;

const RANGES: Readonly<Record<Observer, (widest: Range, bins: () => Bin[]) => Range>> = {
  'min-max': (widest) => widest,
  'percentile-99.99': (widest, bins) => percentileRange(bins(), widest, PERCENTILE),
  mse: (widest, bins) => leastErrorRange(bins(), widest),
};

/** Factors a channel by which a graph holds its values other than they were seen; see `equaliseChannels`. */
export type ChannelFactors = ReadonlyMap<string, Float32Array>;

/**
 * The ranges that `observer` takes of every value (of those with few numbers, means and logits, always the widest with headroom), and
 * the channels' means, all times `factors` where there are any.
 */
export function observed(observer: Observer, statistics: Statistics, factors?: ChannelFactors): Observed {
  return observedBy([observer], statistics, factors)[0] ?? { ranges: new Map(), means: new Map() };
}

/** What `observed` gives for each of several observers; a value's numbers are gathered once for all. */
export function observedBy(
  observers: readonly Observer[],
  statistics: Statistics,
  factors: ChannelFactors = new Map(),
): Observed[] {
  const ranges = observers.map(() => new Map<string, Range>());
  const means = new Map<string, Float32Array>();
  for (const [value, channels] of statistics) {
    const own = factors.get(value);
    const factorOf = (at: number) => own?.[at % own.length] ?? 1;
    const taken = rangesOf(observers, channels, factorOf);
    for (const [at, range] of taken.entries()) ranges[at]?.set(value, range);
    means.set(
      value,
      Float32Array.from(channels, ({ mean }, at) => mean * factorOf(at)),
    );
  }
  return ranges.map((own) => ({ ranges: own, means }));
}

function rangesOf(
  observers: readonly Observer[],
  channels: readonly ChannelStatistics[],
  factorOf: (at: number) => number,
): Range[] {
  const widest = widestRange(channels, factorOf);
  if (channels.length * (channels[0]?.places ?? 0) < FEW_NUMBERS) return observers.map(() => withHeadroom(widest));
  let bins: Bin[] | undefined;
  const gathered = () => {
    bins ??= mergedBins(channels, factorOf);
    return bins;
  };
  return observers.map((observer) => RANGES[observer](widest, gathered));
}

function withHeadroom({ min, max }: Range): Range {
  return { min: min * HEADROOM, max: max * HEADROOM };
}

function widestRange(channels: readonly ChannelStatistics[], factorOf: (at: number) => number): Range {
  const ends = channels.map(({ range }, at) => ({ min: range.min * factorOf(at), max: range.max * factorOf(at) }));
  return { min: Math.min(...ends.map(({ min }) => min)), max: Math.max(...ends.map(({ max }) => max)) };
}

/** Bins of an octave; channels of many factors still share them. */
const FINENESS = 64;
const LEAST_OCTAVE = -40;
const OCTAVES = 80;

/** All channels' bins in one list. */
function mergedBins(channels: readonly ChannelStatistics[], factorOf: (at: number) => number): Bin[] {
  const above = new Float64Array(OCTAVES * FINENESS);
  const below = new Float64Array(OCTAVES * FINENESS);
  let zeros = 0;
  for (const [at, channel] of channels.entries()) {
    channel.forEachBin(factorOf(at), (value, count) => {
      const counts = value > 0 ? above : below;
      const place = placeOf(Math.abs(value));
      if (value === 0) zeros += count;
      else counts[place] = (counts[place] ?? 0) + count;
    });
  }
  const zero = zeros > 0 ? [{ value: 0, count: zeros }] : [];
  return [...zero, ...filled(above, 1), ...filled(below, -1)];
}

function placeOf(size: number): number {
  const place = Math.round((Math.log2(size) - LEAST_OCTAVE) * FINENESS);
  return Math.min(OCTAVES * FINENESS - 1, Math.max(0, place));
}

function filled(counts: Float64Array, sign: number): Bin[] {
  const bins: Bin[] = [];
  for (let place = 0; place < counts.length; place += 1) {
    const count = counts[place] ?? 0;
    if (count > 0) bins.push({ value: sign * 2 ** (place / FINENESS + LEAST_OCTAVE), count });
  }
  return bins;
}
