import { LinegateError } from '../../../agent/core/errors.ts';
import type { Activation, Graph, Node } from '../ir/graph.ts';
import { operatorOf } from '../ops/registry.ts';
import type { ActivationScale, Range } from './plan.ts';

/** uint8 pixels as the fractions 0 to 1 that the float model was trained on. */
export const PIXEL_SCALE: ActivationScale = { scale: Math.fround(1 / 255), zeroPoint: 0 };
/** What TFLite demands of Softmax. */
const UNIT_SCALE: ActivationScale = { scale: 1 / 256, zeroPoint: 0 };

/**
 * A scale for the input and for every node's output. Values that one operator must not rescale (pool, reshape, concat)
 * share a range. `ranges` holds the observed range of every node's output.
 */
export function activationScales(
  graph: Graph,
  ranges: ReadonlyMap<string, Range>,
  input: ActivationScale = PIXEL_SCALE,
): Map<string, ActivationScale> {
  const groups = sharedRanges(graph, ranges);
  const scales = new Map<string, ActivationScale>([[graph.input, input]]);
  for (const node of graph.nodes) scales.set(node.output, scaleOf(graph, node, groups, scales));
  return scales;
}

function scaleOf(
  graph: Graph,
  node: Node,
  groups: ReadonlyMap<string, Range>,
  scales: ReadonlyMap<string, ActivationScale>,
): ActivationScale {
  const { outputScale } = operatorOf(node);
  if (outputScale === 'unit') return UNIT_SCALE;
  const first = scales.get(node.inputs[0] ?? '');
  const followsInput = outputScale === 'as-input' && node.inputs.length === 1 && first !== undefined;
  if (followsInput) return first;
  const range = groups.get(node.output);
  if (range !== undefined) return affineScale(range);
  throw new LinegateError('illegal-input', `Value "${node.output}" of "${graph.input}" was not observed.`);
}

/** One range for every set of values that must share a scale: the union of theirs. */
function sharedRanges(graph: Graph, ranges: ReadonlyMap<string, Range>): Map<string, Range> {
  const shared = new Map<string, Range>();
  for (const node of graph.nodes) {
    const range = ranges.get(node.output);
    if (range !== undefined) shared.set(node.output, clipped(range, 'activation' in node ? node.activation : 'none'));
  }
  // Backwards, so that a wider range reaches the inputs of the inputs; twice, so that it comes down again elsewhere.
  for (const node of [...graph.nodes, ...graph.nodes].reverse()) {
    if (operatorOf(node).outputScale !== 'as-input') continue;
    const union = unionOf([node.output, ...node.inputs].map((value) => shared.get(value)));
    for (const value of [node.output, ...node.inputs]) if (shared.has(value)) shared.set(value, union);
  }
  return shared;
}

function unionOf(ranges: readonly (Range | undefined)[]): Range {
  const known = ranges.filter((range) => range !== undefined);
  return { min: Math.min(...known.map(({ min }) => min)), max: Math.max(...known.map(({ max }) => max)) };
}

/** The range after an activation: what lies outside is cut by the integers' own limits, which is the activation. */
function clipped({ min, max }: Range, activation: Activation): Range {
  if (activation === 'none') return { min, max };
  return { min: 0, max: activation === 'relu6' ? Math.min(6, max) : max };
}

/** The uint8 scale of a range, widened to hold zero exactly. */
export function affineScale(range: Range): ActivationScale {
  const min = Math.min(0, range.min);
  const max = Math.max(0, range.max);
  const scale = Math.fround(Math.max(max - min, 1e-6) / 255);
  return { scale, zeroPoint: Math.min(255, Math.max(0, Math.round(-min / scale))) };
}
