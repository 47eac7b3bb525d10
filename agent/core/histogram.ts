/** Each bucket is this much wider than the one below it, so a quantile is at most 2 % off. */
const growth = 1.02;
const lowest = 1_000;
const buckets = 1_200;

/** Counts durations in ns on a logarithmic scale (1 µs to beyond an hour), in bounded memory. */
export class DurationHistogram {
  readonly #counts = new Uint32Array(buckets);
  #total = 0;
  #max = 0;

  add(durationNs: number): void {
    const bucket = Math.ceil(Math.log(Math.max(durationNs, lowest) / lowest) / Math.log(growth));
    const index = Math.min(bucket, buckets - 1);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#total += 1;
    this.#max = Math.max(this.#max, durationNs);
  }

  get count(): number {
    return this.#total;
  }

  /** The longest in ns, or null when there are none. */
  get max(): number | null {
    return this.#total === 0 ? null : this.#max;
  }

  /** The duration in ns that the fraction `q` does not exceed, or null when there are none. */
  quantile(q: number): number | null {
    if (this.#total === 0) return null;
    let seen = 0;
    for (const [index, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= q * this.#total) return Math.min(lowest * growth ** index, this.#max);
    }
    return this.#max;
  }
}
