const LARGEST_WEIGHT = 127;
const MOST_SWEEPS = 4;

/** The second moments of a row of inputs about their mean, [length, length], row by row, both halves filled. */
export interface Moments {
  readonly length: number;
  readonly values: Float64Array;
}

/**
 * Rounds a filter's weights up or down, each to one of the two integers beside it, so that its output, and not each weight, comes near:
 * the errors of weights whose inputs go together are made to cancel. `exact` are the weights in steps; `moments` those of their
 * inputs. Goes downhill one weight at a time from the nearest integers, so that it is never worse than those.
 */
export function roundedFilter(exact: Float64Array, moments: Moments): Int8Array {
  const rounded = Float64Array.from(exact, (weight) => limited(Math.round(weight)));
  const slopes = new Float64Array(exact.length);
  for (let i = 0; i < exact.length; i += 1) addRow(slopes, moments, i, (rounded[i] ?? 0) - (exact[i] ?? 0));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    if (!improve(rounded, exact, slopes, moments)) break;
  }
  return Int8Array.from(rounded);
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
