import { LinegateError } from '../../../agent/core/errors.ts';
import { quantizeMultiplier } from '../sim/fixed-point.ts';
import { activationLimits, channelScales, checkShape, type Kernel, scaleOf, storedIntegers } from '../sim/kernel.ts';
import { elementsOf } from '../tflite/model.ts';
import { requantiser } from './conv-integers.ts';

/** FULLY_CONNECTED with one scale for all weights, weights [outputs, inputs]. */
export const fullyConnectedIntegers: Kernel<'FULLY_CONNECTED'> = ({ operator, inputs, output }) => {
  const [input, filter, biasTensor] = inputs;
  const [outputs = 0, length = 0] = filter?.shape ?? [];
  if (input === undefined || filter?.quantisation?.scales.length !== 1) {
    throw new LinegateError('bad-model', `The dense layer "${output.name}" needs one scale for all its weights.`);
  }
  checkShape(output, [1, outputs]);
  if (elementsOf(input.shape) !== length) checkShape(input, [1, length]);
  const weights = storedIntegers(filter);
  const bias = biasTensor === undefined ? new Int32Array(outputs) : storedIntegers(biasTensor);
  const { scale, zeroPoint } = scaleOf(input);
  const [step = 0] = channelScales(filter, 1);
  // TFLite multiplies these two in float32, unlike those of a convolution.
  const factor = quantizeMultiplier(Math.fround(scale * step) / scaleOf(output).scale);
  const limits = activationLimits(operator.options.activation, output);
  const finish = requantiser([factor], scaleOf(output).zeroPoint, limits);
  return ([vector = new Int8Array()], result) => {
    for (let o = 0; o < outputs; o += 1) {
      let sum = bias[o] ?? 0;
      for (let i = 0; i < length; i += 1) {
        sum = (sum + ((vector[i] ?? 0) - zeroPoint) * (weights[o * length + i] ?? 0)) | 0;
      }
      result[o] = finish(sum, 0);
    }
  };
};
