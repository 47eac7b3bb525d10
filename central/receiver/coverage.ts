import type { Range } from '../../agent/core/ledger/ranges.ts';

/** Rows `from` to `to` of an epoch that are all there, with the hash of the row before them and that of the last. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly prev: string;
  readonly head: string;
}

/** Which rows of an epoch are there: sorted, disjoint, never touching. */
export type Coverage = readonly Stretch[];

/** The stretch that holds row `seq`, or undefined. */
export function stretchAt(coverage: Coverage, seq: number): Stretch | undefined {
  // Nearly all questions are about the newest rows.
  const nearest = coverage.findLast(({ from }) => from <= seq);
  return nearest !== undefined && seq <= nearest.to ? nearest : undefined;
}

/** The rows from `from` to `to` that are not there. */
export function holesIn(coverage: Coverage, from: number, to: number): Range[] {
  const holes: Range[] = [];
  let next = from;
  for (const stretch of coverage) {
    if (stretch.to < next) continue;
    if (stretch.from > to) break;
    if (stretch.from > next) holes.push([next, stretch.from - 1]);
    next = stretch.to + 1;
  }
  if (next <= to) holes.push([next, to]);
  return holes;
}

/** The stretches that share a row with `from` to `to` or lie right beside it. */
function touching(coverage: Coverage, from: number, to: number): Coverage {
  return coverage.filter((stretch) => stretch.to >= from - 1 && stretch.from <= to + 1);
}

/** The coverage with the rows of `added`, whose hashes must fit. */
export function covering(coverage: Coverage, added: Stretch): Coverage {
  const touched = touching(coverage, added.from, added.to);
  const first = touched[0];
  const last = touched.at(-1);
  const start = first !== undefined && first.from < added.from ? first : added;
  const end = last !== undefined && last.to > added.to ? last : added;
  const merged = { from: start.from, to: end.to, prev: start.prev, head: end.head };
  const before = coverage.filter((stretch) => stretch.to < added.from - 1);
  const after = coverage.filter((stretch) => stretch.from > added.to + 1);
  return [...before, merged, ...after];
}
