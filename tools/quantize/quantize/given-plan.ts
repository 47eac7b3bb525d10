import { channelOfWeight } from '../ir/filters.ts';
import { type Graph, isWeighted, type WeightedNode } from '../ir/graph.ts';
import { activationScales } from './activation-scales.ts';
import { layerIntegers } from './layer-integers.ts';
import type { ActivationScale, LayerIntegers, QuantPlan, Range } from './plan.ts';

/** Of a step: float32 does not hold a product of integer and scale exactly. */
const ON_GRID = 0.01;
const LARGEST_WEIGHT = 127;

/**
 * The plan of a file that was quantised before: its scales wherever TFLite's rules allow them, new ones elsewhere (a dense layer with a
 * scale a channel, weights with a zero point); `ranges` are for values that it gives no scale.
 */
export function givenPlan(graph: Graph, ranges: ReadonlyMap<string, Range>, input?: ActivationScale): QuantPlan {
  const activations = activationScales(graph, ranges, input);
  const integersOf = (node: WeightedNode): LayerIntegers => {
    const inputScale = activations.get(node.inputs[0] ?? '')?.scale ?? 1;
    const scales = graph.given?.weights.get(node.name);
    return (scales && keptIntegers(node, scales, inputScale)) ?? layerIntegers(node, inputScale);
  };
  const layers = graph.nodes.filter(isWeighted).map((node) => [node.name, integersOf(node)] as const);
  return { activations, layers: new Map(layers) };
}

/** The very integers of the file; undefined when passes changed the weights, or when the scales break TFLite's rules. */
function keptIntegers(node: WeightedNode, given: Float32Array, inputScale: number): LayerIntegers | undefined {
  const channels = node.bias.length;
  const single = node.op === 'fully-connected';
  if (given.length !== 1 && (single || given.length !== channels)) return undefined;
  const scales = single
    ? given
    : Float32Array.from({ length: channels }, (_, c) => given[given.length === 1 ? 0 : c] ?? 1);
  const channelOf = channelOfWeight(node);
  const scaleOf = (channel: number) => scales[single ? 0 : channel] ?? 1;
  const exact = Array.from(node.weights, (weight, i) => weight / scaleOf(channelOf(i)));
  const onGrid = exact.every(
    (one) => Math.abs(one - Math.round(one)) < ON_GRID && Math.abs(one) < LARGEST_WEIGHT + 1.5,
  );
  if (!onGrid) return undefined;
  const limited = (one: number) => Math.max(-LARGEST_WEIGHT, Math.min(LARGEST_WEIGHT, Math.round(one)));
  return {
    weights: Int8Array.from(exact, limited),
    scales,
    bias: Int32Array.from(node.bias, (bias, channel) => Math.round(bias / (inputScale * scaleOf(channel)))),
  };
}
