import type { Radiance } from './light.ts';
import { at, clamp } from './math.ts';
import { bellOf, bitsOf } from './prng.ts';
import { type Optics, streams } from './scene.ts';

/**
 * What the camera makes of the light: blur of the lens, the tone curve, noise, eight bits.
 * @returns RGB, sizePx * sizePx * 3 bytes, row by row
 */
export function expose(light: Radiance, sizePx: number, optics: Optics, seed: number): Uint8Array {
  const kernel = blurKernel((optics.blurPx * sizePx) / 160);
  const red = blur(light.red, sizePx, kernel);
  const green = blur(light.green, sizePx, kernel);
  const blue = blur(light.blue, sizePx, kernel);
  const pixels = new Uint8Array(sizePx * sizePx * 3);
  const bits = bitsOf(seed, streams.noise);
  // Most of the noise is common to the three colours, as after a camera's own demosaicing.
  const own = optics.noise / 1100;
  for (let index = 0, byte = 0; index < red.length; index += 1, byte += 3) {
    const common = bellOf(bits()) * optics.noise;
    const word = bits();
    pixels[byte] = count(at(red, index), common + ((word & 1023) - 511) * own);
    pixels[byte + 1] = count(at(green, index), common + (((word >>> 10) & 1023) - 511) * own * 0.7);
    pixels[byte + 2] = count(at(blue, index), common + (((word >>> 20) & 1023) - 511) * own * 1.2);
  }
  return pixels;
}

/** The tone curve is a square root with a soft shoulder; behind it shot noise is the same at every brightness. */
function count(linear: number, noise: number): number {
  const shoulder = linear / (0.82 + 0.3 * linear);
  return clamp(255 * Math.sqrt(shoulder) + noise + 0.5, 0, 255);
}

/** A bell without exp(): the weight is (1 - (d / reach)^2)^3, which has the standard deviation reach / 3. */
function blurKernel(sigmaPx: number): Float32Array {
  const reach = 3 * sigmaPx;
  const radius = Math.max(0, Math.ceil(reach) - 1);
  const kernel = new Float32Array(2 * radius + 1);
  let sum = 0;
  for (let tap = -radius; tap <= radius; tap += 1) {
    const q = radius === 0 ? 0 : (tap * tap) / (reach * reach);
    const weight = (1 - q) * (1 - q) * (1 - q);
    kernel[tap + radius] = weight;
    sum += weight;
  }
  for (let tap = 0; tap < kernel.length; tap += 1) kernel[tap] = at(kernel, tap) / sum;
  return kernel;
}

function blur(plane: Float32Array, sizePx: number, kernel: Float32Array): Float32Array {
  if (kernel.length === 1) return plane;
  return blurTransposed(blurTransposed(plane, sizePx, kernel), sizePx, kernel);
}

/** Blurs every row and writes it as a column: two passes blur both ways and restore the order. */
function blurTransposed(plane: Float32Array, sizePx: number, kernel: Float32Array): Float32Array {
  const out = new Float32Array(plane.length);
  const radius = (kernel.length - 1) / 2;
  const padded = new Float32Array(sizePx + 2 * radius);
  for (let row = 0; row < sizePx; row += 1) {
    const start = row * sizePx;
    padded.fill(at(plane, start), 0, radius);
    padded.set(plane.subarray(start, start + sizePx), radius);
    padded.fill(at(plane, start + sizePx - 1), radius + sizePx);
    for (let column = 0; column < sizePx; column += 1) {
      let sum = 0;
      for (let tap = 0; tap < kernel.length; tap += 1) sum += at(padded, column + tap) * at(kernel, tap);
      out[column * sizePx + row] = sum;
    }
  }
  return out;
}
