import { readFileSync } from 'node:fs';
import { logitsOf } from '../../../tools/quantize/calibrate/logits.ts';
import { pictureTensor } from '../../../tools/quantize/calibrate/session.ts';
import { tune } from '../../../tools/quantize/calibrate/tune.ts';
import { qdqOnnx } from '../../../tools/quantize/emit/qdq-onnx.ts';
import { tfliteModel } from '../../../tools/quantize/emit/tflite.ts';
import { type Graph, shapeOf } from '../../../tools/quantize/ir/graph.ts';
import { compile } from '../../../tools/quantize/passes/pipeline.ts';
import type { QuantPlan } from '../../../tools/quantize/quantize/plan.ts';
import type { TfliteModel } from '../../../tools/quantize/tflite/model.ts';
import type { Subject } from './subjects.ts';

/** What our quantiser makes of a subject. */
export interface Ours {
  readonly graph: Graph;
  readonly plan: QuantPlan;
  /** The ONNX file of a bundle, and the same with its logits as a further output. */
  readonly onnx: Uint8Array;
  readonly onnxWithLogits: Uint8Array;
  /** The ONNX file without its Softmax. */
  readonly onnxToLogits: Uint8Array;
  /** The TFLite file of a bundle: scores; and the same with logits behind the scores. */
  readonly tflite: TfliteModel;
  readonly tfliteWithLogits: TfliteModel;
}

/** Quantises a subject as `linegate quantize` does, from `pictures` (uint8, channels last). */
export async function quantised(
  { file, size, input }: Pick<Subject, 'file' | 'size' | 'input'>,
  pictures: readonly Uint8Array[],
): Promise<Ours> {
  const compiled = compile(readFileSync(file), size);
  const tensors = pictures.map((pixels) => pictureTensor(pixels, shapeOf(compiled, compiled.input)));
  const { graph, candidates } = await tune(compiled, tensors, { input });
  const { plan } = candidates[0];
  const logits = [logitsOf(graph)];
  return {
    graph,
    plan,
    onnx: qdqOnnx(graph, plan),
    onnxWithLogits: qdqOnnx(graph, plan, logits),
    onnxToLogits: qdqOnnx({ ...graph, nodes: graph.nodes.slice(0, -1), output: logitsOf(graph) }, plan),
    tflite: tfliteModel(graph, plan),
    tfliteWithLogits: tfliteModel(graph, plan, logits),
  };
}
