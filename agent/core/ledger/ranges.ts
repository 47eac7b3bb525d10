/** Part numbers from `from` to `to`, both included. */
export type Range = readonly [from: number, to: number];

/** A set of part numbers: sorted, disjoint, never touching. */
export type Ranges = readonly Range[];

/** Whether `n` is in the set. */
export function includes(ranges: Ranges, n: number): boolean {
  // Nearly all questions are about the newest numbers.
  for (let i = ranges.length - 1; i >= 0; i--) {
    const range = ranges[i];
    if (range !== undefined && range[0] <= n) return n <= range[1];
  }
  return false;
}

/** The set with the numbers of `added`. */
export function withRange(ranges: Ranges, added: Range): Ranges {
  const last = ranges.at(-1);
  if (last === undefined || added[0] > last[1] + 1) return [...ranges, added];
  if (added[0] >= last[0]) return [...ranges.slice(0, -1), [last[0], Math.max(last[1], added[1])]];
  const before = ranges.filter((range) => range[1] + 1 < added[0]);
  const after = ranges.filter((range) => range[0] > added[1] + 1);
  const touched = ranges.slice(before.length, ranges.length - after.length);
  const from = Math.min(added[0], touched[0]?.[0] ?? added[0]);
  const to = Math.max(added[1], touched.at(-1)?.[1] ?? added[1]);
  return [...before, [from, to], ...after];
}

/** The set with all numbers of `added`. */
export function withRanges(ranges: Ranges, added: Ranges): Ranges {
  return added.reduce(withRange, ranges);
}

/** The numbers of `ranges` that are not in `taken`. */
export function without(ranges: Ranges, taken: Ranges): Ranges {
  return ranges.flatMap((range) => rangeWithout(range, taken));
}

function rangeWithout([from, to]: Range, taken: Ranges): Range[] {
  const left: Range[] = [];
  let next = from;
  for (const [takenFrom, takenTo] of taken) {
    if (takenTo < next) continue;
    if (takenFrom > to) break;
    if (takenFrom > next) left.push([next, takenFrom - 1]);
    next = takenTo + 1;
  }
  if (next <= to) left.push([next, to]);
  return left;
}

/** The highest number, or 0 for an empty set. */
export function highestOf(ranges: Ranges): number {
  return ranges.at(-1)?.[1] ?? 0;
}

/** The numbers from 1 to `upTo` that are not in the set. */
export function missingUpTo(ranges: Ranges, upTo: number): Ranges {
  return without([[1, upTo]], ranges);
}

/** How many numbers the set has. */
export function countOf(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** The set for a person, such as `3, 7 to 9`; of a long one the beginning. */
export function spoken(ranges: Ranges): string {
  const said = ranges.slice(0, MOST_SPOKEN).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  const more = countOf(ranges.slice(MOST_SPOKEN));
  return `${said.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const MOST_SPOKEN = 20;
