import { type Graph, isWeighted, type WeightedNode } from '../ir/graph.ts';
import { activationScales } from './activation-scales.ts';
import { correctBias } from './correct-bias.ts';
import { layerIntegers } from './layer-integers.ts';
import type { ActivationScale, LayerIntegers, QuantPlan, Range } from './plan.ts';

/** What the calibration pictures showed of every value, by its name. */
export interface Observed {
  readonly ranges: ReadonlyMap<string, Range>;
  /** The mean of every channel. */
  readonly means: ReadonlyMap<string, Float32Array>;
}

/** The plan for `graph` with what was observed of its values; `input` is the scale of its uint8 picture. */
export function makePlan(graph: Graph, { ranges, means }: Observed, input?: ActivationScale): QuantPlan {
  const activations = activationScales(graph, ranges, input);
  const integersOf = (node: WeightedNode): LayerIntegers => {
    const [value = ''] = node.inputs;
    const scale = activations.get(value)?.scale ?? 1;
    const integers = layerIntegers(node, scale, activations.get(node.output)?.scale);
    return correctBias(node, integers, means.get(value) ?? new Float32Array(), scale);
  };
  const layers = graph.nodes.filter(isWeighted).map((node) => [node.name, integersOf(node)] as const);
  return { activations, layers: new Map(layers) };
}
