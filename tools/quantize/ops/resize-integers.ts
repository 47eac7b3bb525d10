import { LinegateError } from '../../../agent/core/errors.ts';
import { checkShape, type Kernel, pictureShape, storedIntegers } from '../sim/kernel.ts';
import { nearestPlace } from './resize.ts';

/** RESIZE_NEAREST_NEIGHBOR: every pixel is one of the input's. */
export const resizeIntegers: Kernel<'RESIZE_NEAREST_NEIGHBOR'> = ({ operator, inputs: [input, size], output }) => {
  const [height, width, channels] = pictureShape(input ?? output);
  const [rows = 0, columns = 0] = storedIntegers(size);
  checkShape(output, [1, rows, columns, channels]);
  if (operator.options.alignCorners !== 0) {
    throw new LinegateError('bad-model', `"${output.name}" is resized with aligned corners, which is not simulated.`);
  }
  const half = operator.options.halfPixelCentres !== 0;
  const pixels = Array.from({ length: rows * columns }, (_, i) => {
    const y = nearestPlace(Math.floor(i / columns), height, rows, half);
    return y * width + nearestPlace(i % columns, width, columns, half);
  });
  return ([picture = new Int8Array()], result) => {
    for (const [place, pixel] of pixels.entries()) {
      result.set(picture.subarray(pixel * channels, (pixel + 1) * channels), place * channels);
    }
  };
};
