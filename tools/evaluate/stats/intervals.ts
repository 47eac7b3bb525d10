import { exactInterval, type Interval } from './binomial.ts';
import { quantileOf } from './bootstrap.ts';
import type { Figure, Figures, Share } from './figures.ts';

/** Resamples that leave a figure undetermined may be so many, as a share, before it gets no interval. */
const MOST_UNDETERMINED = 0.05;

/** Collects what figures are in one resample after the other. */
export class Spread {
  readonly #values = new Map<string, number[]>();
  #resamples = 0;

  /** All that one resample gives. */
  add(values: Iterable<readonly [name: string, value: number]>): void {
    this.#resamples += 1;
    for (const [name, value] of values) {
      const list = this.#values.get(name);
      if (list === undefined) this.#values.set(name, [value]);
      else list.push(value);
    }
  }

  /** From the 2.5th to the 97.5th percentile; undefined where too many resamples did not determine it, or all agree. */
  interval(name: string): Interval | undefined {
    const finite = this.#finite(name);
    if (finite === undefined) return undefined;
    const interval = [quantileOf(finite, 0.025), quantileOf(finite, 0.975)] as const;
    return interval[0] === interval[1] ? undefined : interval;
  }

  /** The 95th percentile; undefined where too many resamples did not determine it. */
  upper(name: string): number | undefined {
    const finite = this.#finite(name);
    return finite && quantileOf(finite, 0.95);
  }

  #finite(name: string): number[] | undefined {
    const finite = (this.#values.get(name) ?? []).filter(Number.isFinite).sort((a, b) => a - b);
    return finite.length === 0 || finite.length < this.#resamples * (1 - MOST_UNDETERMINED) ? undefined : finite;
  }
}

/**
 * 95 % intervals of figures. A bootstrap knows nothing of errors that did not happen: 0 of 20 would get [0, 0]. So for shares
 * the interval is the wider, at each end, of the bootstrap's and the exact binomial one.
 */
export function intervalsOf(figures: Figures, spread: Spread): ReadonlyMap<string, Interval> {
  const intervals = new Map<string, Interval>();
  for (const [name, figure] of figures) {
    const both = [spread.interval(name), exactOf(figure)].filter((interval) => interval !== undefined);
    if (both.length === 0 || !Number.isFinite(figure.value)) continue;
    intervals.set(name, [Math.min(...both.map(([low]) => low)), Math.max(...both.map(([, high]) => high))]);
  }
  return intervals;
}

/** For a mean of shares the distances to their limits add up as squares (Zou and Donner, Stat. Med. 2008). */
function exactOf({ value, shares = [] }: Figure): Interval | undefined {
  if (shares.length === 0) return undefined;
  const reach = (end: 0 | 1) =>
    Math.hypot(...shares.map((share) => exactInterval(share.hits, share.total)[end] - rateOf(share))) / shares.length;
  return [Math.max(0, value - reach(0)), Math.min(1, value + reach(1))];
}

function rateOf({ hits, total }: Share): number {
  return hits / total;
}
