import { LinegateError } from '../../../agent/core/errors.ts';
import { limited, multiplyByMultiplier, quantizeMultiplier } from '../sim/fixed-point.ts';
import { activationLimits, checkShape, type Kernel, scaleOf } from '../sim/kernel.ts';
import { elementsOf, type TfliteTensor } from '../tflite/model.ts';

/** MUL of two tensors of one shape, or of a picture and [1, 1, 1, channels]. */
export const mulIntegers: Kernel<'MUL'> = ({ operator, inputs: [a, b], output }) => {
  if (a === undefined || b === undefined) {
    throw new LinegateError('bad-model', `The product "${output.name}" needs two inputs.`);
  }
  const [left, right] = [scaleOf(a), scaleOf(b)];
  const { scale, zeroPoint } = scaleOf(output);
  const factor = quantizeMultiplier((left.scale * right.scale) / scale);
  const { min, max } = activationLimits(operator.options.activation, output);
  const [leftPlaces, rightPlaces] = [a, b].map((tensor) => repeatsAfter(tensor, output));
  return ([as = new Int8Array(), bs = new Int8Array()], result) => {
    for (let i = 0; i < result.length; i += 1) {
      const x = (as[i % (leftPlaces ?? 1)] ?? 0) - left.zeroPoint;
      const y = (bs[i % (rightPlaces ?? 1)] ?? 0) - right.zeroPoint;
      result[i] = limited(multiplyByMultiplier(x * y, factor) + zeroPoint, min, max);
    }
  };
};

/** How many numbers of the output one run through `input` lasts. */
function repeatsAfter(input: TfliteTensor, output: TfliteTensor): number {
  const channels = output.shape.at(-1) ?? 1;
  if (input.shape.join() !== [1, 1, 1, channels].join()) checkShape(output, input.shape);
  return elementsOf(input.shape);
}
