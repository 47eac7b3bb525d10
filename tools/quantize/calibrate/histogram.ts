import type { Range } from '../quantize/plan.ts';

/** Numbers of one size are told apart by this many bits of their fraction: no bin is wider than 1/16 of its numbers. */
const FRACTION_BITS = 4;
const SHIFT = 23 - FRACTION_BITS;
/** From 2^-16, below which a number counts as zero, to 2^16. */
const LEAST_BIN = (127 - 16) << FRACTION_BITS;
const BINS = 32 << FRACTION_BITS;
const MAGNITUDE = 0x7fffffff;

/** A number and how many numbers are taken for it. */
export interface Bin {
  readonly value: number;
  readonly count: number;
}

/**
 * Counts float32 numbers by their leading bits. It needs no range beforehand, and it is the same whatever the order of what is
 * added: one look at each picture is enough.
 */
export class Histogram {
  readonly #positive = new Uint32Array(BINS);
  /** Made when there is one: behind a Relu there never is. */
  #negative: Uint32Array | undefined;

  /** Adds `count` numbers from `start`, given as the bits of float32. */
  add(bits: Uint32Array, start: number, count: number): void {
    const positive = this.#positive;
    let zeros = 0;
    for (let i = start; i < start + count; i += 1) {
      const number = bits[i] ?? 0;
      // Behind a Relu every other one.
      if (number === 0) {
        zeros += 1;
        continue;
      }
      const bin = Math.min(BINS - 1, Math.max(0, ((number & MAGNITUDE) >>> SHIFT) - LEAST_BIN));
      const counts = number > MAGNITUDE && bin > 0 ? this.#below() : positive;
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    positive[0] = (positive[0] ?? 0) + zeros;
  }

  #below(): Uint32Array {
    this.#negative ??= new Uint32Array(BINS);
    return this.#negative;
  }

  /** The bins that hold anything, each times `factor`, in no order; one by one, since every channel of every value has some. */
  forEachBin(factor: number, look: (value: number, count: number) => void): void {
    eachFilled(this.#positive, factor, look);
    if (this.#negative !== undefined) eachFilled(this.#negative, -factor, look);
  }
}

function eachFilled(counts: Uint32Array, factor: number, look: (value: number, count: number) => void): void {
  for (let bin = 0; bin < counts.length; bin += 1) {
    const count = counts[bin] ?? 0;
    if (count > 0) look(factor * (MIDDLES[bin] ?? 0), count);
  }
}

const MIDDLES = Float64Array.from({ length: BINS }, (_, bin) => {
  if (bin === 0) return 0;
  const [exponent, fraction] = [(bin + LEAST_BIN) >> FRACTION_BITS, bin & ((1 << FRACTION_BITS) - 1)];
  return 2 ** (exponent - 127) * (1 + (fraction + 0.5) / (1 << FRACTION_BITS));
});

/** `range` without the `(1 - share) / 2` of the numbers that lie outermost at either end. */
export function percentileRange(bins: readonly Bin[], range: Range, share: number): Range {
  const sorted = [...bins].sort((a, b) => a.value - b.value);
  const tail = (sorted.reduce((sum, { count }) => sum + count, 0) * (1 - share)) / 2;
  return {
    min: Math.max(range.min, endWithin(sorted, tail) ?? range.min),
    max: Math.min(range.max, endWithin(sorted.reverse(), tail) ?? range.max),
  };
}

/** The first number from the start beyond which more than `limit` would be left out. */
function endWithin(bins: readonly Bin[], limit: number): number | undefined {
  let sum = 0;
  return bins.find(({ count }) => {
    sum += count;
    return sum > limit;
  })?.value;
}

const STEPS = 255;
/** Ends of a range that are tried, as shares of the widest. */
const SHARES = Array.from({ length: 46 }, (_, i) => 1 - i / 50);

/** The range around zero whose 256 steps keep the squares of all numbers' errors least, those that it cuts off among them. */
export function leastErrorRange(bins: readonly Bin[], range: Range): Range {
  const widest = { min: Math.min(0, range.min), max: Math.max(0, range.max) };
  const others = bins.filter(({ value }) => value !== 0);
  const high = leastOf(
    SHARES.map((share) => ({ ...widest, max: widest.max * share })),
    others,
  );
  return leastOf(
    SHARES.map((share) => ({ ...high, min: widest.min * share })),
    others,
  );
}

function leastOf(ranges: readonly Range[], bins: readonly Bin[]): Range {
  let [found, least] = [ranges[0] ?? { min: 0, max: 0 }, Number.POSITIVE_INFINITY];
  for (const range of ranges) {
    const error = errorOf(range, bins);
    if (error < least) [found, least] = [range, error];
  }
  return found;
}

/** What is cut off, squared, and a twelfth of a step's square for all that is rounded; zero itself is held exactly. */
function errorOf({ min, max }: Range, bins: readonly Bin[]): number {
  const rounding = ((max - min) / STEPS) ** 2 / 12;
  let error = 0;
  for (const { value, count } of bins) {
    const cut = value > max ? value - max : Math.max(0, min - value);
    error += count * (cut * cut + rounding);
  }
  return error;
}
