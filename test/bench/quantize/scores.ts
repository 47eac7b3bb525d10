import { openSession, pictureTensor, runSession } from '../../../tools/quantize/calibrate/session.ts';
import { exposedName, OUTPUT_NAME } from '../../../tools/quantize/emit/onnx-file.ts';
import type { Shape } from '../../../tools/quantize/ir/graph.ts';
import { Simulator } from '../../../tools/quantize/sim/simulator.ts';
import { type TfliteModel, tensorAt } from '../../../tools/quantize/tflite/model.ts';

/** A uint8 picture as a TFLite file of ours takes it. */
export function storedInput(pixels: Uint8Array): Int8Array {
  return Int8Array.from(pixels, (pixel) => pixel - 128);
}

/** What onnxruntime makes of pictures by an ONNX file of ours; with `logits` that value, else the scores. */
export async function onnxOutputs(
  model: Uint8Array,
  shape: Shape,
  pictures: readonly Uint8Array[],
  logits?: string,
): Promise<Float32Array[]> {
  const session = await openSession(model);
  const outputs: Float32Array[] = [];
  for (const pixels of pictures) {
    const results = await runSession(session, pictureTensor(pixels, shape));
    outputs.push(results.get(logits === undefined ? OUTPUT_NAME : exposedName(logits)) ?? new Float32Array());
  }
  return outputs;
}

/** What the simulator makes of pictures by a TFLite file of ours: its output number `output` as real numbers. */
export function simulatedOutputs(model: TfliteModel, pictures: readonly Uint8Array[], output = 0): Float32Array[] {
  const simulator = new Simulator(model);
  const { scales, zeroPoint = 0 } = tensorAt(model, model.outputs[output] ?? 0).quantisation ?? {};
  const scale = scales?.[0] ?? 1;
  return pictures.map((pixels) => {
    const numbers = simulator.run(storedInput(pixels))[output] ?? new Int8Array();
    return Float32Array.from(numbers, (number) => (number - zeroPoint) * scale);
  });
}
