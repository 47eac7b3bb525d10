/** With more sums to a step, float32 products come too near to each other. */
const MOST_SUMS = 2000;
/** A scale that would have to grow more, as layers of few products need it, stays as it is. */
const MOST_GROWTH = 9 / 8;
/** More than half a float32's last bit, which the product of sum and factor may lose. */
const BEYOND = 1 + 2 ** -23.9;
/** TensorFlow Lite Micro holds a factor in 31 bits: it may be larger by this share. */
const MULTIPLIER_ERROR = 2 ** -31;
/** The largest output, in steps. */
const LARGEST_OUTPUT = 255.5;

/**
 * The weight scale, a little larger, at which every engine rounds a layer's sums to the same integers. TensorFlow Lite Micro rounds the
 * product of sum and factor, and rounds that again to a whole step, halves away from zero; onnxruntime and XNNPACK round one float
 * product, halves to the even step. So one number in some hundreds came out a step apart, and behind a few layers nearly all.
 * With an even number of sums to a step every half way between two steps is a sum itself. The factor takes it just beyond, so that it is
 * rounded away from zero by all, but not the sum before it.
 */
export function alikeScale(weightScale: number, inputScale: number, outputScale: number): number {
  const wanted = outputScale / (2 * inputScale * weightScale);
  if (wanted > MOST_SUMS) return weightScale;
  for (let sums = Math.floor(wanted); sums >= wanted / MOST_GROWTH; sums -= 1) {
    const scale = scaleFor(sums, inputScale, outputScale);
    if (staysBefore(sums, (inputScale * scale) / outputScale)) return scale;
  }
  return weightScale;
}

/** The least float32 scale at which a float32 factor takes halves beyond themselves. */
function scaleFor(sums: number, inputScale: number, outputScale: number): number {
  const factor = (scale: number) => Math.fround(Math.fround(inputScale * scale) / outputScale);
  let scale = Math.fround(outputScale / (2 * sums * inputScale));
  while (factor(scale) * 2 * sums < BEYOND) scale = nextFloat(scale);
  return scale;
}

/** Whether TensorFlow Lite Micro's first rounding leaves the sum before each half on its side: its factor there is 1/2 to 1. */
function staysBefore(sums: number, factor: number): boolean {
  const power = 2 ** Math.ceil(Math.log2(sums));
  const excess = factor * 2 * sums - 1 + MULTIPLIER_ERROR;
  return LARGEST_OUTPUT * power * excess < power / (2 * sums) - 0.5;
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function nextFloat(number: number): number {
  float[0] = number;
  bits[0] = (bits[0] ?? 0) + 1;
  return float[0];
}
