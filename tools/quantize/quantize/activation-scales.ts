import { LinegateError } from '../../../agent/core/errors.ts';
import type { Graph } from '../ir/graph.ts';
import { operatorOf } from '../ops/registry.ts';
import type { ActivationScale, Range } from './plan.ts';
import { scaleGroups } from './scale-groups.ts';

/** uint8 pixels as the fractions 0 to 1 that the float model was trained on. */
export const PIXEL_SCALE: ActivationScale = { scale: Math.fround(1 / 255), zeroPoint: 0 };
/** What TFLite demands of Softmax and Sigmoid. */
const UNIT_SCALE: ActivationScale = { scale: 1 / 256, zeroPoint: 0 };

/**
 * A scale for the input and for every node's output. Values that one operator must not rescale (pool, reshape, concat)
 * share the union of their ranges. `ranges` holds the observed range of every node's output.
 */
export function activationScales(
  graph: Graph,
  ranges: ReadonlyMap<string, Range>,
  input: ActivationScale = PIXEL_SCALE,
): Map<string, ActivationScale> {
  const clipped = clippedRanges(graph, ranges);
  const scales = new Map<string, ActivationScale>();
  const ofUnits = graph.nodes.filter((node) => operatorOf(node).outputScale === 'unit');
  const units = new Set(ofUnits.map(({ output }) => output));
  for (const group of scaleGroups(graph)) {
    const given = [...group].map((value) => graph.given?.activations.get(value)).find((one) => one !== undefined);
    const own = () => given ?? affineScale(unionOf(group, clipped));
    const scale = group.has(graph.input) ? input : [...group].some((value) => units.has(value)) ? UNIT_SCALE : own();
    for (const value of group) scales.set(value, scale);
  }
  return scales;
}

/** Ranges after activations: what lies outside is cut by the integers' own limits, which is the activation. */
function clippedRanges(graph: Graph, ranges: ReadonlyMap<string, Range>): Map<string, Range> {
  const clipped = new Map(ranges);
  for (const node of graph.nodes) {
    const activation = 'activation' in node ? node.activation : 'none';
    const max = ranges.get(node.output)?.max ?? 0;
    if (activation !== 'none')
      clipped.set(node.output, { min: 0, max: activation === 'relu6' ? Math.min(6, max) : max });
  }
  return clipped;
}

function unionOf(values: ReadonlySet<string>, ranges: ReadonlyMap<string, Range>): Range {
  const found = [...values].map((value) => {
    const range = ranges.get(value);
    if (range === undefined) throw new LinegateError('illegal-input', `The value "${value}" was not observed.`);
    return range;
  });
  return { min: Math.min(...found.map(({ min }) => min)), max: Math.max(...found.map(({ max }) => max)) };
}

/** The uint8 scale of a range, widened to hold zero exactly. */
export function affineScale(range: Range): ActivationScale {
  const min = Math.min(0, range.min);
  const max = Math.max(0, range.max);
  const scale = Math.fround(Math.max(max - min, 1e-6) / 255);
  return { scale, zeroPoint: Math.min(255, Math.max(0, Math.round(-min / scale))) };
}
