import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Shape } from '../ir/graph.ts';
import { openWith } from './onnxruntime.ts';

export { runSession } from './onnxruntime.ts';

// onnxruntime reports home unless this is set before it loads; nothing may leave the machine.
process.env['ORT_DISABLE_TELEMETRY'] = '1';
const ort = await import('onnxruntime-node');

/** Opens a model on one thread, so that figures are alike from run to run. Throws LinegateError 'bad-model'. */
export function openSession(model: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession> {
  return openWith(ort.InferenceSession, model, options);
}

/** A uint8 picture as onnxruntime takes it. */
export function pictureTensor(pixels: Uint8Array, shape: Shape): Tensor {
  return new ort.Tensor('uint8', pixels, shape);
}

/** A float tensor as onnxruntime takes it. */
export function floatTensor(data: Float32Array, shape: Shape): Tensor {
  return new ort.Tensor('float32', data, shape);
}
