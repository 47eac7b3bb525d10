import type { Tensor } from 'onnxruntime-node';
import { type Graph, isWeighted } from '../ir/graph.ts';
import type { QuantPlan } from '../quantize/plan.ts';
import { Judge, splitPictures } from './held-out.ts';

/** Enough to put layers in an order. */
const MOST_PICTURES = 16;

/** How much of the logits' noise comes from one layer. */
export interface LayerSensitivity {
  readonly layer: string;
  /** The noise ratio of the logits, dB, with nothing but this layer, its input and its output in integers. */
  readonly logitSqnrDb: number;
}

/** The layers with weights; those first that cost most when they alone are in integers, on held-out `pictures`. */
export async function layerSensitivity(
  graph: Graph,
  plan: QuantPlan,
  pictures: readonly Tensor[],
): Promise<LayerSensitivity[]> {
  const judge = await Judge.open(graph, splitPictures(pictures).heldOut.slice(0, MOST_PICTURES));
  const names = graph.nodes.map(({ name }) => name);
  const found: LayerSensitivity[] = [];
  for (const { name } of graph.nodes.filter(isWeighted)) {
    const float = new Set(names.filter((one) => one !== name || plan.float?.has(name)));
    found.push({ layer: name, logitSqnrDb: await judge.sqnrDb(graph, { ...plan, float }) });
  }
  return found.sort((a, b) => a.logitSqnrDb - b.logitSqnrDb);
}
