import type { InferenceSession } from 'onnxruntime-node';
import { floatTensor, runSession } from '../../../tools/quantize/calibrate/session.ts';
import { readModel, writeModel } from '../../../tools/quantize/onnx/codec.ts';
import { transposed } from '../../../tools/quantize/onnx/reorder.ts';
import type { Subject } from './subjects.ts';

/** A float .onnx file without the Softmax at its end, so that every tool shows the logits that it makes. */
export function withoutSoftmax(file: Uint8Array): Uint8Array {
  const model = readModel(file);
  const { graph } = model;
  const last = graph?.node?.at(-1);
  const [output] = graph?.output ?? [];
  if (!graph || output === undefined || last?.opType !== 'Softmax') return file;
  const [logits = ''] = last.input;
  return writeModel({
    ...model,
    graph: { ...graph, node: graph.node.slice(0, -1), output: [{ ...output, name: logits }] },
  });
}

/** A picture as the float file takes it: channels first. */
export function floatInput({ size, input }: Pick<Subject, 'size' | 'input'>, pixels: Uint8Array) {
  const shape = [1, size.heightPx, size.widthPx, size.channels];
  const numbers = Float32Array.from(pixels, (pixel) => (pixel - input.zeroPoint) * input.scale);
  const turned = transposed(numbers, shape, [0, 3, 1, 2]);
  return floatTensor(turned.data, turned.shape);
}

/** The first output of a model that takes a float file's input, for each picture. */
export async function floatOutputs(
  session: InferenceSession,
  subject: Subject,
  pictures: readonly Uint8Array[],
): Promise<Float32Array[]> {
  const outputs: Float32Array[] = [];
  for (const pixels of pictures) {
    const [output = new Float32Array()] = (await runSession(session, floatInput(subject, pixels))).values();
    outputs.push(output.slice());
  }
  return outputs;
}
