import { type TfliteModel, type TfliteOperator, tensorAt } from '../tflite/model.ts';
import { aligned } from './lifetimes.ts';

/** The largest filter that ESP-NN keeps in the cache; larger ones are worked on in panels with a buffer of their own. */
const CACHED_FILTER_BYTES = 24 * 1024;
const PANEL_BYTES = 16 * 1024;
const ALIGNMENT_BYTES = 64;

/**
 * Bytes of scratch memory that ESP-NN's kernels for the ESP32-S3 ask for at `operator`: an upper bound over its versions 1.0 to
 * 1.2, which copy the picture with its padding and the filter with its rows filled up to 16 bytes, depthwise ones as 16 bits.
 * The plain C kernels of ESP32 and C3 ask for none.
 */
export function espNnScratchBytes(model: TfliteModel, operator: TfliteOperator): number {
  if (operator.builtin !== 'CONV_2D' && operator.builtin !== 'DEPTHWISE_CONV_2D') return 0;
  const [, height = 0, width = 0, channels = 0] = tensorAt(model, operator.inputs[0]).shape;
  const [, kernelH = 0, kernelW = 0] = tensorAt(model, operator.inputs[1]).shape;
  const [, , , outputs = 0] = tensorAt(model, operator.output).shape;
  const picture = (height + kernelH - 1) * (width + kernelW - 1) * aligned(channels, 16);
  if (operator.builtin === 'DEPTHWISE_CONV_2D') {
    return 2 * (picture + kernelH * kernelW * aligned(channels, 16)) + ALIGNMENT_BYTES;
  }
  const filter = aligned(kernelW * aligned(channels, 8), 16) * kernelH * outputs;
  const window = aligned(kernelH * kernelW * channels, 16);
  const panel = filter > CACHED_FILTER_BYTES ? PANEL_BYTES : 0;
  const staging = 24 * window + 8 * outputs + panel + (kernelH * kernelW > 1 ? 16 * window : 0);
  const pointwise = kernelH * kernelW === 1 && channels % 8 === 0;
  const copies = pointwise ? 0 : picture + filter + 4 * outputs;
  return Math.max(staging, copies) + ALIGNMENT_BYTES;
}
