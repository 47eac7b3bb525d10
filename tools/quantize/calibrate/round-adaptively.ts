import type { Tensor } from 'onnxruntime-node';
import { randomOf } from '../../../agent/core/render/prng.ts';
import { floatOnnx } from '../emit/float-onnx.ts';
import { exposedName } from '../emit/onnx-file.ts';
import { filtersOf } from '../ir/filters.ts';
import { channelsOf, type Graph, isWeighted, type Node, shapeOf } from '../ir/graph.ts';
import { correctBias } from '../quantize/correct-bias.ts';
import type { ActivationScale, LayerIntegers, QuantPlan } from '../quantize/plan.ts';
import { type Moments, roundedFilters } from '../quantize/round-weights.ts';
import { LayerInputs, type RoundableNode } from './layer-inputs.ts';
import { openSession, runSession } from './session.ts';

const SEED = 20260101;
const MOST_PICTURES = 64;
const MOST_ROWS = 2048;
/** With fewer, moments are guesses. */
export const FEWEST_ROWS = 512;
/** Products that take about half a second. */
const MOST_PRODUCTS = 4e8;

/** How many rows of inputs a layer may look at so that the whole network takes about half a second; undefined where that is too few. */
export function affordableRows(graph: Graph): number | undefined {
  const products = graph.nodes.filter(isRoundable).reduce((sum, node) => {
    const sets = node.op === 'depthwise' ? channelsOf(node.weightShape) : 1;
    return sum + (sets * filtersOf(node).length ** 2) / 2;
  }, 0);
  const rows = Math.min(MOST_ROWS, Math.floor(MOST_PRODUCTS / Math.max(1, products)));
  return rows < FEWEST_ROWS ? undefined : rows;
}

/** What rounding goes by. */
export interface RoundingInputs {
  readonly graph: Graph;
  /** Of every channel of every value. */
  readonly means: ReadonlyMap<string, Float32Array>;
  readonly pictures: readonly Tensor[];
  /** How many rows of inputs a layer looks at. */
  readonly rows: number;
  /** The scale of the uint8 picture. */
  readonly input: ActivationScale | undefined;
}

/**
 * Plans of one network with their weights rounded by what each layer reads (`roundedFilters`) and their biases corrected for that. The
 * same pictures in the same order give the same.
 */
export async function roundAdaptively(
  plans: readonly QuantPlan[],
  { graph, means, pictures, rows, input }: RoundingInputs,
): Promise<QuantPlan[]> {
  const nodes = graph.nodes.filter(isRoundable);
  const seen = await lookAt(graph, nodes, pictures.slice(0, MOST_PICTURES), rows, input);
  const layers = plans.map((plan) => new Map(plan.layers));
  for (const node of nodes) {
    const [value = ''] = node.inputs;
    const rounded = roundedLayers(node, plans, seen.get(node.name)?.moments() ?? []);
    for (const [at, integers] of rounded.entries()) {
      const scale = plans[at]?.activations.get(value)?.scale ?? 1;
      layers[at]?.set(node.name, correctBias(node, integers, means.get(value) ?? new Float32Array(), scale));
    }
  }
  return plans.map((plan, at) => ({ ...plan, layers: layers[at] ?? plan.layers }));
}

/** One layer's integers in each plan; where the scales are those of the first plan, as mostly, so are the weights. */
function roundedLayers(
  node: RoundableNode,
  plans: readonly QuantPlan[],
  moments: readonly Moments[],
): readonly LayerIntegers[] {
  const given = plans.flatMap(({ layers }) => layers.get(node.name) ?? []);
  const [first] = given;
  if (first === undefined) return [];
  const weights = roundedWeights(node, first, moments);
  return given.map((integers) => {
    const same = sameNumbers(first.scales, integers.scales);
    return { ...integers, weights: same ? weights : roundedWeights(node, integers, moments) };
  });
}

function sameNumbers(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

function isRoundable(node: Node): node is RoundableNode {
  return isWeighted(node) && node.op !== 'transpose-conv';
}

async function lookAt(
  graph: Graph,
  nodes: readonly RoundableNode[],
  pictures: readonly Tensor[],
  rows: number,
  input?: ActivationScale,
): Promise<ReadonlyMap<string, LayerInputs>> {
  const seen = new Map(nodes.map((node) => [node.name, new LayerInputs(graph, node)]));
  const values = [...new Set(nodes.map(({ inputs }) => inputs[0] ?? ''))];
  const session = await openSession(floatOnnx(graph, values, input));
  const random = randomOf(SEED, 0);
  for (const picture of pictures) {
    const results = await runSession(session, picture);
    for (const node of nodes) {
      const numbers = results.get(exposedName(node.inputs[0] ?? '')) ?? new Float32Array();
      seen.get(node.name)?.add(numbers, placesOf(graph, node, Math.ceil(rowsOf(node, rows) / pictures.length), random));
    }
  }
  return seen;
}

/** A depthwise filter has few weights, so few rows say enough. */
function rowsOf({ op }: RoundableNode, rows: number): number {
  return op === 'depthwise' ? Math.min(rows, FEWEST_ROWS) : rows;
}

/** Some places of a layer's output. */
function placesOf(graph: Graph, node: RoundableNode, count: number, random: () => number): number[] {
  const [, height = 1, width = 1] = node.op === 'fully-connected' ? [1, 1, 1] : shapeOf(graph, node.output);
  const all = height * width;
  return all <= count
    ? Array.from({ length: all }, (_, at) => at)
    : Array.from({ length: count }, () => Math.floor(random() * all));
}

function roundedWeights(
  node: RoundableNode,
  { weights, scales }: LayerIntegers,
  moments: readonly Moments[],
): Int8Array {
  const rounded = Int8Array.from(weights);
  const { length, first, next } = filtersOf(node);
  const filters = Array.from(node.bias, (_, filter) => {
    const places = new Int32Array(length).map((_place, i) => filter * first + i * next);
    return { places, exact: inSteps(node, places, scales[scales.length === 1 ? 0 : filter] ?? 1) };
  });
  // A depthwise layer's filters read a channel each, those of others the same.
  for (const [at, own] of moments.entries()) {
    const readers = moments.length === 1 ? filters : filters.slice(at, at + 1);
    const best = roundedFilters(
      readers.map(({ exact }) => exact),
      own,
    );
    for (const [of, { places }] of readers.entries()) {
      places.forEach((place, i) => {
        rounded[place] = best[of]?.[i] ?? 0;
      });
    }
  }
  return rounded;
}

/** The weights at `places` in steps. */
function inSteps({ weights }: RoundableNode, places: Int32Array, step: number): Float64Array {
  const exact = new Float64Array(places.length);
  for (let i = 0; i < places.length; i += 1) exact[i] = (weights[places[i] ?? 0] ?? 0) / step;
  return exact;
}
