import type { Invoke, Kernel, Site } from '../sim/kernel.ts';
import type { BuiltinName } from '../tflite/builtins.ts';
import { convolution, depthwiseConvolution } from './conv-integers.ts';
import { fullyConnectedIntegers } from './fully-connected-integers.ts';
import { hardSwishIntegers } from './hard-swish-integers.ts';
import { mulIntegers } from './mul-integers.ts';
import { averagePool, maxPool } from './pool-integers.ts';
import { resizeIntegers } from './resize-integers.ts';
import { sigmoidIntegers } from './sigmoid-integers.ts';
import {
  addIntegers,
  concatIntegers,
  padIntegers,
  padWithIntegers,
  quantizeIntegers,
  relu6Integers,
  reluIntegers,
  reshapeIntegers,
  softmaxIntegers,
} from './simple-integers.ts';
import { transposeConvIntegers } from './transpose-conv-integers.ts';

const kernels: { readonly [B in BuiltinName]: Kernel<B> } = {
  ADD: addIntegers,
  AVERAGE_POOL_2D: averagePool,
  CONCATENATION: concatIntegers,
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: depthwiseConvolution,
  FULLY_CONNECTED: fullyConnectedIntegers,
  HARD_SWISH: hardSwishIntegers,
  LOGISTIC: sigmoidIntegers,
  MAX_POOL_2D: maxPool,
  MUL: mulIntegers,
  PAD: padIntegers,
  PADV2: padWithIntegers,
  QUANTIZE: quantizeIntegers,
  RELU: reluIntegers,
  RELU6: relu6Integers,
  RESHAPE: reshapeIntegers,
  RESIZE_NEAREST_NEIGHBOR: resizeIntegers,
  SOFTMAX: softmaxIntegers,
  TRANSPOSE_CONV: transposeConvIntegers,
};

/** The integer arithmetic of an operator, ready to run. Throws LinegateError 'bad-model' for what cannot run. */
export function prepareOperator(site: Site<BuiltinName>): Invoke {
  const kernel = kernels[site.operator.builtin] as Kernel<BuiltinName>;
  return kernel(site);
}
