const LARGEST_WEIGHT = 127;
const MOST_SWEEPS = 4;
const NONE = new Float64Array();

/** The second moments of a row of inputs about their mean, [length, length], row by row, both halves filled. */
export interface Moments {
  readonly length: number;
  readonly values: Float64Array;
}

/**
 * Rounds the weights of filters that read the same up or down, each to one of the two integers beside it, so that their outputs, and not each
 * weight, come near: the errors of weights whose inputs go together are made to cancel. `exact` are the weights in steps; `moments`
 * those of their inputs. Goes downhill one weight at a time from the nearest integers, so that it is never worse than those.
 */
export function roundedFilters(exact: readonly Float64Array[], moments: Moments): Int8Array[] {
  const nearest = exact.map(nearestOf);
  const slopes = slopesOf(
    nearest.map((filter, at) => difference(filter, exact[at] ?? NONE)),
    moments,
  );
  return nearest.map((rounded, at) => {
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
      if (!improve(rounded, exact[at] ?? NONE, slopes[at] ?? NONE, moments)) break;
    }
    return Int8Array.from(rounded);
  });
}

// Loops, for `map` makes an object of every number.

function nearestOf(exact: Float64Array): Float64Array {
  const nearest = new Float64Array(exact.length);
  for (let i = 0; i < exact.length; i += 1) nearest[i] = limited(Math.round(exact[i] ?? 0));
  return nearest;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i += 1) result[i] = (a[i] ?? 0) - (b[i] ?? 0);
  return result;
}

/** The moments, the same from either side, times the errors of each filter. */
function slopesOf(errors: readonly Float64Array[], moments: Moments): Float64Array[] {
  const slopes = errors.map(() => new Float64Array(moments.length));
  const none = new Float64Array(moments.length);
  const of = (list: readonly Float64Array[], at: number) => list[at] ?? none;
  for (let at = 0; at < errors.length; at += 4) {
    // What the last four lack is worked out in vain.
    const four = (list: readonly Float64Array[]): Four => [
      of(list, at),
      of(list, at + 1),
      of(list, at + 2),
      of(list, at + 3),
    ];
    multiply(four(slopes), four(errors), moments);
  }
  return slopes;
}

type Four = readonly [Float64Array, Float64Array, Float64Array, Float64Array];

/** Four filters at a time: the moments of a wide layer are slower to read than to multiply. */
function multiply([a, b, c, d]: Four, [p, q, r, s]: Four, { length, values }: Moments): void {
  for (let row = 0; row < length; row += 1) {
    let e = 0;
    let f = 0;
    let g = 0;
    let h = 0;
    for (let i = 0; i < length; i += 1) {
      const moment = values[row * length + i] ?? 0;
      e += (p[i] ?? 0) * moment;
      f += (q[i] ?? 0) * moment;
      g += (r[i] ?? 0) * moment;
      h += (s[i] ?? 0) * moment;
    }
    a[row] = e;
    b[row] = f;
    c[row] = g;
    d[row] = h;
  }
}

/** Moves every weight to its other integer where that helps; false when none moved. */
function improve(rounded: Float64Array, exact: Float64Array, slopes: Float64Array, moments: Moments): boolean {
  let moved = false;
  for (let i = 0; i < exact.length; i += 1) {
    const step = otherSide(exact[i] ?? 0, rounded[i] ?? 0);
    const curvature = moments.values[i * moments.length + i] ?? 0;
    const gain = -2 * step * (slopes[i] ?? 0) - step * step * curvature;
    if (step === 0 || gain <= 0) continue;
    rounded[i] = (rounded[i] ?? 0) + step;
    addRow(slopes, moments, i, step);
    moved = true;
  }
  return moved;
}

/** From the integer that is taken to the one on the other side of the exact weight; 0 where there is none. */
function otherSide(exact: number, taken: number): number {
  const step = taken > exact ? -1 : 1;
  return taken === exact || Math.abs(taken + step) > LARGEST_WEIGHT ? 0 : step;
}

function addRow(sums: Float64Array, { length, values }: Moments, row: number, factor: number): void {
  if (factor === 0) return;
  for (let i = 0; i < length; i += 1) sums[i] = (sums[i] ?? 0) + factor * (values[row * length + i] ?? 0);
}

function limited(weight: number): number {
  return Math.min(LARGEST_WEIGHT, Math.max(-LARGEST_WEIGHT, weight));
}
