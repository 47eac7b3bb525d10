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
 * The ranges that `observer` takes of every value (of those with few numbers, means and logits, always the widest with headroom), and the channels' means, all times `factors` where
 * there are any.
 */
export function observed(observer: Observer, statistics: Statistics, factors: ChannelFactors = new Map()): Observed {
  const ranges = new Map<string, Range>();
  const means = new Map<string, Float32Array>();
  for (const [value, channels] of statistics) {
    const own = factors.get(value);
    const factorOf = (at: number) => own?.[at % own.length] ?? 1;
    const widest = widestRange(channels, factorOf);
    const bins = () => mergedBins(channels, factorOf);
    const few = channels.length * (channels[0]?.places ?? 0) < FEW_NUMBERS;
    ranges.set(value, few ? withHeadroom(widest) : RANGES[observer](widest, bins));
    means.set(
      value,
      Float32Array.from(channels, ({ mean }, at) => mean * factorOf(at)),
    );
  }
  return { ranges, means };
}

function withHeadroom({ min, max }: Range): Range {
  return { min: min * HEADROOM, max: max * HEADROOM };
}

function widestRange(channels: readonly ChannelStatistics[], factorOf: (at: number) => number): Range {
  const ends = channels.map(({ range }, at) => ({ min: range.min * factorOf(at), max: range.max * factorOf(at) }));
  return { min: Math.min(...ends.map(({ min }) => min)), max: Math.max(...ends.map(({ max }) => max)) };
}

/** All channels' bins in one list; equal numbers are joined, so that a value without factors has few. */
function mergedBins(channels: readonly ChannelStatistics[], factorOf: (at: number) => number): Bin[] {
  const counts = new Map<number, number>();
  for (const [at, channel] of channels.entries()) {
    for (const { value, count } of channel.bins(factorOf(at))) {
      const place = coarse(value);
      counts.set(place, (counts.get(place) ?? 0) + count);
    }
  }
  return [...counts].map(([value, count]) => ({ value, count }));
}

/** To about a hundredth, so that channels of many factors still share bins. */
function coarse(value: number): number {
  if (value === 0) return 0;
  return Math.sign(value) * 2 ** (Math.round(Math.log2(Math.abs(value)) * 64) / 64);
}
