import { limited } from '../sim/fixed-point.ts';
import {
  activationLimits,
  checkShape,
  type Integers,
  type Invoke,
  type Kernel,
  pictureShape,
  type Site,
} from '../sim/kernel.ts';
import { stepsOf, tapsOfPlaces } from '../sim/window.ts';

/** AVERAGE_POOL_2D: the mean of what lies inside the picture, halves away from zero. */
export const averagePool: Kernel<'AVERAGE_POOL_2D'> = (site) =>
  pooled(site, (picture, places) => {
    let sum = 0;
    for (const place of places) sum += picture[place] ?? 0;
    const half = Math.floor(places.length / 2);
    return Math.trunc((sum > 0 ? sum + half : sum - half) / places.length);
  });

/** MAX_POOL_2D: the largest of what lies inside the picture. */
export const maxPool: Kernel<'MAX_POOL_2D'> = (site) =>
  pooled(site, (picture, places) => {
    let largest = -128;
    for (const place of places) largest = Math.max(largest, picture[place] ?? 0);
    return largest;
  });

function pooled(
  { operator, inputs: [input], output }: Site<'AVERAGE_POOL_2D' | 'MAX_POOL_2D'>,
  reduce: (picture: Integers, places: Int32Array) => number,
): Invoke {
  const { padding, strideH, strideW, filterH, filterW, activation } = operator.options;
  const [height, width, channels] = pictureShape(input ?? output);
  const [outHeight, outWidth] = pictureShape(output);
  const windows = tapsOfPlaces(
    stepsOf(padding, [height, outHeight], filterH, strideH),
    stepsOf(padding, [width, outWidth], filterW, strideW),
  ).map((taps) => taps.filter((_, i) => i % 2 === 1).map((pixel) => pixel * channels));
  checkShape(output, [1, outHeight, outWidth, channels]);
  const { min, max } = activationLimits(activation, output);
  return ([picture = new Int8Array()], result) => {
    for (const [place, pixels] of windows.entries()) {
      for (let c = 0; c < channels; c += 1) {
        const places = pixels.map((pixel) => pixel + c);
        result[place * channels + c] = limited(reduce(picture, places), min, max);
      }
    }
  };
}
