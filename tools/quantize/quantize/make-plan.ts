import { type Graph, isWeighted } from '../ir/graph.ts';
import { activationScales } from './activation-scales.ts';
import { layerIntegers } from './layer-integers.ts';
import type { ActivationScale, QuantPlan, Range } from './plan.ts';

/** The plan for `graph` with the observed `ranges` of its values; `input` is the scale of its uint8 picture. */
export function makePlan(graph: Graph, ranges: ReadonlyMap<string, Range>, input?: ActivationScale): QuantPlan {
  const activations = activationScales(graph, ranges, input);
  const scaleOf = (value: string | undefined) => activations.get(value ?? '')?.scale ?? 1;
  const layers = graph.nodes
    .filter(isWeighted)
    .map((node) => [node.name, layerIntegers(node, scaleOf(node.inputs[0]))] as const);
  return { activations, layers: new Map(layers) };
}
