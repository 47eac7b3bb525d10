/** A scale grows by 1 / FEWEST_SUMS at most; layers of fewer products stay as they are. */
const FEWEST_SUMS = 16;
/** Beyond it `RAISED` would carry the next sum over the half as well. */
const MOST_SUMS = 2000;
/** Less than a float32's last bit, more than the last bit of TensorFlow Lite Micro's factors. */
const BELOW = 1 - 2 ** -25;
/** More than `BELOW`, float32 scales and the roundings of onnxruntime's factor and product lose together. */
const RAISED = 1 + 2 ** -21;

/**
 * The weight scale, a little larger, at which every engine rounds a layer's sums to the same integers. TensorFlow Lite Micro rounds the
 * product of sum and factor, and rounds that again to a whole step, halves away from zero; onnxruntime rounds the float product once,
 * halves to the even step. So one number in some hundreds came out a step apart, and behind a few layers nearly all.
 * With an even number of sums to a step every half way between two steps is a sum itself, and no other is near enough to be rounded
 * over it twice. The scale is just below this, as TensorFlow Lite Micro wants it; `raisedScale` is for onnxruntime.
 */
export function alikeScale(weightScale: number, inputScale: number, outputScale: number): number {
  const sums = Math.floor(outputScale / (2 * inputScale * weightScale));
  if (sums < FEWEST_SUMS || sums > MOST_SUMS) return weightScale;
  const most = (BELOW * outputScale) / (2 * sums * inputScale);
  const nearest = Math.fround(most);
  return nearest <= most ? nearest : Math.fround(most * (1 - 2 ** -24));
}

/** A weight scale for onnxruntime: halves come to lie just beyond the edge and are rounded away from zero as TFLite rounds them. */
export function raisedScale(weightScale: number): number {
  return Math.fround(weightScale * RAISED);
}
