import type { Graph } from '../ir/graph.ts';
import { operatorOf } from '../ops/registry.ts';
import type { QuantPlan } from '../quantize/plan.ts';
import type { TfliteModel } from '../tflite/model.ts';
import { TfliteDraft } from './tflite-draft.ts';

/**
 * The graph as an INT8 TFLite model: int8 [1, height, width, channels] in (pixel - 128), int8 scores out (1/256 from -128).
 * `exposed` values become further outputs. `writeTflite` gives its bytes.
 * Throws LinegateError 'bad-model' with the node's name where TFLite has no such operator.
 */
export function tfliteModel(graph: Graph, plan: QuantPlan, exposed: readonly string[] = []): TfliteModel {
  const draft = new TfliteDraft(graph, plan);
  draft.value(graph.input);
  for (const node of graph.nodes) operatorOf(node).toTflite(node, draft);
  return draft.finish([graph.output, ...exposed]);
}
