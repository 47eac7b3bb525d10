import { logitsOf } from '../../../tools/quantize/calibrate/logits.ts';
import { shapeOf } from '../../../tools/quantize/ir/graph.ts';
import type { QuantPlan } from '../../../tools/quantize/quantize/plan.ts';
import { elementsOf, type TfliteModel, tensorAt } from '../../../tools/quantize/tflite/model.ts';
import { writeTflite } from '../../../tools/quantize/tflite/write.ts';
import { openTfliteC, type TfliteC } from '../../oracles/tflite-c.ts';
import type { Loaded } from './bench.ts';
import { floatLogits, type Quality, qualityOf } from './quality.ts';
import { onnxOutputs, simulatedOutputs, storedInput } from './scores.ts';

/** Our two files of a subject. */
export interface OurQuality {
  readonly onnx: Quality & {
    readonly sizeBytes: number;
    /** Its integer weights with a float32 scale and bias a channel, and nothing else. */
    readonly numbersBytes: number;
  };
  readonly tflite: Quality & { readonly sizeBytes: number };
  /** What ran the TFLite file. */
  readonly engine: 'TensorFlow Lite 2.9 (C)' | 'the simulator';
}

/** Judges both files on every evaluation picture; TensorFlow Lite's own library runs the one, where it is here. */
export async function ourQuality(loaded: Loaded): Promise<OurQuality> {
  const { ours, pictures } = loaded;
  const pixels = pictures.evaluation.map((picture) => picture.pixels);
  const exact = await floatLogits(loaded);
  const shape = shapeOf(ours.graph, ours.graph.input);
  const onnx = await onnxOutputs(ours.onnxWithLogits, shape, pixels, logitsOf(ours.graph));
  const library = openTfliteC();
  try {
    const tflite = library
      ? libraryLogits(library, ours.tfliteWithLogits, pixels)
      : simulatedOutputs(ours.tfliteWithLogits, pixels, 1);
    return {
      onnx: { sizeBytes: ours.onnx.length, numbersBytes: numbersBytes(ours.plan), ...qualityOf(loaded, exact, onnx) },
      tflite: { sizeBytes: writeTflite(ours.tflite).length, ...qualityOf(loaded, exact, tflite) },
      engine: library ? 'TensorFlow Lite 2.9 (C)' : 'the simulator',
    };
  } finally {
    library?.close();
  }
}

function numbersBytes({ layers }: QuantPlan): number {
  const arrays = [...layers.values()].flatMap(({ weights, scales, bias }) => [weights, scales, bias]);
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The second output, the logits, of each picture; the library gives all outputs one after the other. */
function libraryLogits(library: TfliteC, model: TfliteModel, pictures: readonly Uint8Array[]): Float32Array[] {
  const numbers = library.run(model, pictures.map(storedInput));
  const [scores = 0, logits = 0] = model.outputs.map((output) => elementsOf(tensorAt(model, output).shape));
  const { scales, zeroPoint = 0 } = tensorAt(model, model.outputs[1] ?? 0).quantisation ?? {};
  return pictures.map((_, i) => {
    const start = i * (scores + logits) + scores;
    return Float32Array.from(numbers.slice(start, start + logits), (one) => (one - zeroPoint) * (scales?.[0] ?? 1));
  });
}
