import { elementsOf, type TfliteModel, type TfliteOperator, tensorAt } from '../tflite/model.ts';
import { aligned } from './lifetimes.ts';

/** The largest filter that ESP-NN keeps in the cache; larger ones are worked on in panels with a buffer of their own. */
const CACHED_FILTER_BYTES = 24 * 1024;
const PANEL_BYTES = 16 * 1024;
const ALIGNMENT_BYTES = 64;

/**
 * Bytes of scratch memory that ESP-NN's kernels for the ESP32-S3 ask for at `operator`: the most of its published sources of 2021
 * to 2026, which hold copies of picture and filter, first twice over, then with rows filled up to 16 bytes, depthwise ones as
 * 16 bits. The plain C kernels of ESP32 and C3 ask for none.
 */
export function espNnScratchBytes(model: TfliteModel, operator: TfliteOperator): number {
  if (operator.builtin !== 'CONV_2D' && operator.builtin !== 'DEPTHWISE_CONV_2D') return 0;
  const [input, weights] = operator.inputs.map((index) => tensorAt(model, index).shape);
  const [, height = 0, width = 0, channels = 0] = input ?? [];
  const [, kernelH = 0, kernelW = 0] = weights ?? [];
  const [, , , outputs = 0] = tensorAt(model, operator.output).shape;
  const padded = (height + kernelH - 1) * (width + kernelW - 1);
  if (operator.builtin === 'DEPTHWISE_CONV_2D') {
    return 2 * (padded + kernelH * kernelW) * aligned(channels, 16) + ALIGNMENT_BYTES;
  }
  const filter = aligned(kernelW * channels, 16) * kernelH * outputs;
  const panel = filter > CACHED_FILTER_BYTES ? PANEL_BYTES : 0;
  const window = aligned(kernelH * kernelW * channels, 16);
  const stored = elementsOf(weights ?? []);
  if (kernelH * kernelW === 1 && channels % 8 === 0) {
    return Math.max(24 * window + 8 * outputs + panel, stored + 16 * channels) + ALIGNMENT_BYTES;
  }
  const staging = 40 * window + 8 * outputs + panel;
  const twice = 2 * (stored + elementsOf(input ?? [])) + 16 * channels;
  return Math.max(staging, padded * channels + filter + 4 * outputs, twice) + ALIGNMENT_BYTES;
}
