import { filtersOf } from '../ir/filters.ts';
import { type ConvNode, channelsOf, type FullyConnectedNode, type Graph, shapeOf } from '../ir/graph.ts';
import type { Moments } from '../quantize/round-weights.ts';

/** A layer whose weights can be rounded by what it reads. */
export type RoundableNode = ConvNode | FullyConnectedNode;

/** Of the mean square: what so few numbers do not know of their moments is not taken for known. */
const RIDGE = 0.02;
const NONE = new Float64Array();

/**
 * The moments of what a layer's filters read: rows of [height, width, channels] as the weights of one filter lie. A depthwise layer has
 * moments a channel, others one for all filters.
 */
export class LayerInputs {
  readonly #node: RoundableNode;
  readonly #row: Float64Array;
  /** Where in a channel the pixels under the kernel lie; -1 outside the picture. */
  readonly #offsets: Int32Array;
  readonly #sums: Float64Array[];
  readonly #products: Float64Array[];
  /** Of the picture that it reads, and of the one that it makes. */
  readonly #height: number;
  readonly #width: number;
  readonly #channels: number;
  readonly #outputWidth: number;
  #rows = 0;

  constructor(graph: Graph, node: RoundableNode) {
    this.#node = node;
    const { length } = filtersOf(node);
    this.#row = new Float64Array(length);
    this.#offsets = new Int32Array(node.op === 'fully-connected' ? 0 : node.window.kernel[0] * node.window.kernel[1]);
    const sets = node.op === 'depthwise' ? channelsOf(node.weightShape) : 1;
    this.#sums = Array.from({ length: sets }, () => new Float64Array(length));
    this.#products = Array.from({ length: sets }, () => new Float64Array(length * length));
    const [, height = 1, width = 1, channels = 1] = shapeOf(graph, node.inputs[0] ?? '');
    const [, , outputWidth = 1] = shapeOf(graph, node.output);
    [this.#height, this.#width, this.#channels, this.#outputWidth] = [height, width, channels, outputWidth];
  }

  /** Adds the row behind each of `places` (row by row of the output) of one picture's numbers, channels first. */
  add(numbers: Float32Array, places: readonly number[]): void {
    for (const place of places) {
      this.#lookUnder(place);
      for (let set = 0; set < this.#sums.length; set += 1) {
        this.#fill(numbers, set);
        accumulate(this.#sums[set] ?? NONE, this.#products[set] ?? NONE, this.#row);
      }
    }
    this.#rows += places.length;
  }

  /** The moments about the mean, one set or one a channel. */
  moments(): Moments[] {
    return this.#products.map((products, set) => centred(products, this.#sums[set] ?? new Float64Array(), this.#rows));
  }

  // Millions of times: nothing here makes an object.

  #fill(numbers: Float32Array, set: number): void {
    if (this.#node.op === 'fully-connected') {
      this.#row.set(numbers);
      return;
    }
    const isDepthwise = this.#node.op === 'depthwise';
    const first = isDepthwise ? set : 0;
    const end = isDepthwise ? set + 1 : this.#channels;
    const row = this.#row;
    const offsets = this.#offsets;
    const pixels = this.#height * this.#width;
    let at = 0;
    for (let tap = 0; tap < offsets.length; tap += 1) {
      const offset = offsets[tap] ?? -1;
      for (let channel = first; channel < end; channel += 1) {
        row[at] = offset < 0 ? 0 : (numbers[channel * pixels + offset] ?? 0);
        at += 1;
      }
    }
  }

  /** Finds the pixels under the kernel that makes `place` of the output. */
  #lookUnder(place: number): void {
    const node = this.#node;
    if (node.op === 'fully-connected') return;
    const { kernel, strides, pads } = node.window;
    const top = Math.floor(place / this.#outputWidth) * strides[0] - pads.top;
    const left = (place % this.#outputWidth) * strides[1] - pads.left;
    for (let tap = 0; tap < this.#offsets.length; tap += 1) {
      const y = top + Math.floor(tap / kernel[1]) * node.dilations[0];
      const x = left + (tap % kernel[1]) * node.dilations[1];
      this.#offsets[tap] = y >= 0 && y < this.#height && x >= 0 && x < this.#width ? y * this.#width + x : -1;
    }
  }
}

/** Adds the products of a row with itself; the half below the diagonal is enough. */
function accumulate(sums: Float64Array, products: Float64Array, row: Float64Array): void {
  const { length } = row;
  for (let i = 0; i < length; i += 1) {
    const number = row[i] ?? 0;
    // Behind a Relu half of them are zero.
    if (number === 0) continue;
    sums[i] = (sums[i] ?? 0) + number;
    const start = i * length;
    for (let j = 0; j <= i; j += 1) products[start + j] = (products[start + j] ?? 0) + number * (row[j] ?? 0);
  }
}

function centred(products: Float64Array, sums: Float64Array, rows: number): Moments {
  const { length } = sums;
  const values = new Float64Array(length * length);
  let trace = 0;
  for (let i = 0; i < length; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const moment = (products[i * length + j] ?? 0) / rows - ((sums[i] ?? 0) * (sums[j] ?? 0)) / rows ** 2;
      values[i * length + j] = moment;
      values[j * length + i] = moment;
    }
    trace += values[i * length + i] ?? 0;
  }
  for (let i = 0; i < length; i += 1) values[i * length + i] = (values[i * length + i] ?? 0) + (RIDGE * trace) / length;
  return { length, values };
}
