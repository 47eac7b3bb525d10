/**
 * Counts of durations in buckets of fixed bounds, so that minutes, shifts and stations can be added up: bucket `i` holds
 * what is above 0.01 ms × 2^((i-1)/4) and at most 0.01 ms × 2^(i/4), bucket 0 all up to 0.01 ms, the last all above.
 */
export type DurationCounts = Readonly<Record<string, number>>;

const lowestMs = 0.01;
const bucketsPerDoubling = 4;
/** Up to ten minutes. */
const lastBucket = 104;

/** The bucket of a duration in ms. */
export function durationBucket(ms: number): number {
  const index = Math.ceil(Math.log2(Math.max(ms, lowestMs) / lowestMs) * bucketsPerDoubling);
  return Math.min(index, lastBucket);
}

/** Counts of scores: bucket `i` of twenty holds those from i/20 to below (i+1)/20, the last one 1 as well. */
export type ScoreCounts = Readonly<Record<string, number>>;

const scoreBuckets = 20;

/** The bucket of a score, 0 to 1. */
export function scoreBucket(score: number): number {
  return Math.max(0, Math.min(Math.floor(score * scoreBuckets), scoreBuckets - 1));
}
