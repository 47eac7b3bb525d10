import type { Tensor } from 'onnxruntime-node';
import { type Graph, isWeighted } from '../ir/graph.ts';
import { overlapped } from '../overlapped.ts';
import type { QuantPlan } from '../quantize/plan.ts';
import type { Engine } from './engine.ts';
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
  engine?: Engine,
): Promise<LayerSensitivity[]> {
  const judge = await Judge.open(graph, splitPictures(pictures).heldOut.slice(0, MOST_PICTURES), { engine });
  const names = graph.nodes.map(({ name }) => name);
  const found = await overlapped(graph.nodes.filter(isWeighted), async ({ name }) => {
    const float = new Set(names.filter((one) => one !== name || plan.float?.has(name)));
    return { layer: name, logitSqnrDb: await judge.sqnrDb(graph, { ...plan, float }) };
  });
  return found.sort((a, b) => a.logitSqnrDb - b.logitSqnrDb);
}
