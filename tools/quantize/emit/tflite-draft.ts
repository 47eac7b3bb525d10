import { LinegateError } from '../../../agent/core/errors.ts';
import { type Graph, type Node, type Shape, shapeOf, type WeightedNode } from '../ir/graph.ts';
import type { QuantPlan } from '../quantize/plan.ts';
import type { Quantisation, TfliteModel, TfliteOperator, TfliteTensor } from '../tflite/model.ts';
import { cutOf } from './onnx-file.ts';

/** The plan's activations are uint8; TFLite's int8 is 128 less, with the same meaning. */
const TO_INT8 = -128;

/** Weights as the file holds them. */
interface StoredWeights {
  readonly data: Int8Array;
  readonly shape: Shape;
}

/** A TFLite model while the operators write themselves into it. */
export class TfliteDraft {
  readonly graph: Graph;
  readonly #plan: QuantPlan;
  readonly #tensors: TfliteTensor[] = [];
  readonly #operators: TfliteOperator[] = [];
  readonly #values = new Map<string, number>();

  constructor(graph: Graph, plan: QuantPlan) {
    this.graph = graph;
    this.#plan = plan;
  }

  /** The place of the tensor that holds the graph's value `name`. */
  value(name: string): number {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const quantisation = this.#quantisation(name);
    const index = this.tensor({ name, type: 'int8', shape: shapeOf(this.graph, name), quantisation });
    this.#values.set(name, index);
    return index;
  }

  /** The places of a layer's weights (int8), `reshaped` where TFLite wants others, and bias (int32). */
  layer(node: WeightedNode, reshaped?: (weights: Int8Array) => StoredWeights): [number, number] {
    const integers = this.#plan.layers.get(node.name);
    if (integers === undefined) {
      throw new LinegateError('illegal-input', `The plan has no integers for "${node.name}".`);
    }
    const { weights, scales, bias } = integers;
    const input = this.#scale(node.inputs[0] ?? '').scale;
    const biasScales = scales.map((scale) => scale * input);
    const { data, shape } = reshaped?.(weights) ?? { data: weights, shape: node.weightShape };
    const axis = node.op === 'depthwise' ? node.weightShape.length - 1 : 0;
    return [
      this.stored(`${node.name}/weights`, shape, data, { scales, zeroPoint: 0, axis }),
      this.stored(`${node.name}/bias`, [bias.length], bias, { scales: biasScales, zeroPoint: 0, axis: 0 }),
    ];
  }

  /** Adds a tensor that the file stores; gives its place. */
  stored(name: string, shape: Shape, data: Int8Array | Int32Array, quantisation?: Quantisation): number {
    const type = data instanceof Int8Array ? 'int8' : 'int32';
    return this.tensor({ name, type, shape, data, ...(quantisation && { quantisation }) });
  }

  /** Adds a tensor with the scale of the value `like` and another shape; gives its place. */
  beside(like: string, name: string, shape: Shape): number {
    return this.tensor({ name, type: 'int8', shape, quantisation: this.#quantisation(like) });
  }

  /** Adds the stored integer `number` with the scale of the value `like`; gives its place. */
  fillingLike(like: string, name: string, number: number): number {
    return this.stored(`${name}/filling`, [1], Int8Array.of(number), this.#quantisation(like));
  }

  /** Whether a node's activation cuts elsewhere than at the edges of its integers. */
  mustCut(node: Node): boolean {
    return cutOf(node, this.#scale(node.output)) !== undefined;
  }

  tensor(tensor: TfliteTensor): number {
    this.#tensors.push(tensor);
    return this.#tensors.length - 1;
  }

  push(operator: TfliteOperator): void {
    this.#operators.push(operator);
  }

  /** The finished model; `outputs` are values of the graph. */
  finish(outputs: readonly string[]): TfliteModel {
    const inputs = [this.value(this.graph.input)];
    const ends = outputs.map((name) => this.value(name));
    return { tensors: this.#tensors, operators: this.#operators, inputs, outputs: ends };
  }

  #quantisation(value: string): Quantisation {
    const { scale, zeroPoint } = this.#scale(value);
    return { scales: Float32Array.of(scale), zeroPoint: zeroPoint + TO_INT8, axis: 0 };
  }

  #scale(value: string) {
    const scale = this.#plan.activations.get(value);
    if (scale === undefined) throw new LinegateError('illegal-input', `The plan has no scale for "${value}".`);
    return scale;
  }
}
