import { LinegateError } from '../../../agent/core/errors.ts';
import { type Graph, isWeighted, type Node, type Shape } from '../ir/graph.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import type { Constant, FloatConstant } from '../onnx/tensors.ts';
import { outputShape } from '../ops/registry.ts';

/** Of uint8. */
interface ActivationScale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** How an ONNX value lies in the IR: ONNX axis i is axis `axes[i]` of `value`. */
export interface Binding {
  readonly value: string;
  readonly axes: readonly number[];
  /** For a vector: the picture [1, h, w, c] that ONNX flattened channels first and the IR flattened channels last. */
  readonly flattened?: Shape;
  /** ONNX axis `axis` stands twice, the second time as `times` copies: half of how an exporter writes an enlarged picture. */
  readonly repeated?: { readonly axis: number; readonly times: number };
}

/** Channels-first ONNX axes over a channels-last picture. */
export const CHANNELS_FIRST: readonly number[] = [0, 3, 1, 2];
export const CHANNELS_LAST: readonly number[] = [0, 1, 2, 3];
export const VECTOR: readonly number[] = [0, 1];

/** All values of a network together; MobileNetV2 at 224 px has a tenth of this. */
const MOST_NUMBERS = 2 ** 26;
/** Products of a weight and a value; ResNet50 at 224 px has a quarter of this. */
const MOST_PRODUCTS = 2 ** 34;

/** Lists of a damaged file may be endless. */
const LONGEST_REASON = 200;

/** The IR graph while it is built from ONNX nodes, in their order. */
export class Lowering {
  readonly #nodes: Node[] = [];
  /** Node names that are taken; the emitters use these two for the model's own input and output. */
  readonly #names = new Set<string>(['input', 'scores']);
  readonly #shapes = new Map<string, Shape>();
  readonly #bindings = new Map<string, Binding>();
  readonly #onnx: OnnxGraph;
  readonly #constants: Map<string, Constant>;
  readonly #given = new Map<string, ActivationScale>();
  readonly #givenWeights = new Map<string, Float32Array>();
  #numbers = 0;
  #products = 0;

  constructor(onnx: OnnxGraph) {
    this.#onnx = onnx;
    this.#constants = new Map(onnx.constants);
  }

  get opset(): number {
    return this.#onnx.opset;
  }

  /** Says how the graph's input lies. */
  bindInput(shape: Shape, axes: readonly number[]): void {
    this.#shapes.set(this.#onnx.input.name, shape);
    this.#bindings.set(this.#onnx.input.name, { value: this.#onnx.input.name, axes });
  }

  /** Binds the first output of `node`. */
  bind(node: OnnxNode, binding: Binding): void {
    this.#bindings.set(outputOf(node), binding);
  }

  /** Appends an IR node that gives its own value and binds the ONNX node's output to it; `scales` are those of quantised weights. */
  append(onnx: OnnxNode, node: Node, binding: Omit<Binding, 'value'>, scales?: Float32Array): void {
    const inputs = node.inputs.map((input) => this.shape(input));
    const shape = outputShape(node, inputs);
    this.#shapes.set(node.output, shape);
    this.#count(onnx, node, shape, inputs);
    const name = this.#uniqueName(node.name);
    this.#nodes.push({ ...node, name });
    if (scales !== undefined) this.#givenWeights.set(name, scales);
    this.bind(onnx, { ...binding, value: node.output });
  }

  /** Input `index` of `node`, a value that is known only when the model runs. */
  input(node: OnnxNode, index: number): Binding {
    const binding = this.raw(node, index);
    if (binding?.repeated !== undefined) refuse(node, 'it works on copies of a picture that are not put together');
    if (binding !== undefined) return binding;
    return refuse(node, `its input ${index + 1} is missing or a constant where a picture is needed`);
  }

  /** The same, also where it is half of an enlarged picture; undefined for a constant. */
  raw(node: OnnxNode, index: number): Binding | undefined {
    return this.#bindings.get(node.inputs[index] ?? '');
  }

  /** Says what the first output of `node` is, which only its input's shape decides. */
  define(node: OnnxNode, constant: Constant): void {
    this.#constants.set(outputOf(node), constant);
  }

  /** All inputs of `node` when they are known beforehand; undefined when one is not. */
  known(node: OnnxNode): readonly Constant[] | undefined {
    const constants = node.inputs.filter((input) => input !== '').map((input) => this.#constants.get(input));
    return constants.every((one) => one !== undefined) ? constants : undefined;
  }

  /** Input `index` of `node`, a picture that ONNX sees channels first. */
  picture(node: OnnxNode, index: number): string {
    const binding = this.input(node, index);
    if (this.liesAs(binding, CHANNELS_FIRST)) return binding.value;
    return refuse(node, 'its input is not a picture with channels first; remove Transpose and Reshape before it');
  }

  /** True when the axes of `binding` are `axes`, or differ only among sides of 1. */
  liesAs(binding: Binding, axes: readonly number[]): boolean {
    const shape = this.shape(binding.value);
    const onlyOnes = (i: number) => shape[binding.axes[i] ?? 0] === 1 && shape[axes[i] ?? 0] === 1;
    return binding.axes.length === axes.length && axes.every((axis, i) => binding.axes[i] === axis || onlyOnes(i));
  }

  /** The shape of an IR value. */
  shape(value: string): Shape {
    return this.#shapes.get(value) ?? [];
  }

  /** The shape that ONNX sees. */
  onnxShape(binding: Binding): number[] {
    const shape = this.shape(binding.value);
    return binding.axes.map((axis) => shape[axis] ?? 1);
  }

  /** Input `index` of `node` when it is known beforehand. */
  constant(node: OnnxNode, index: number): Constant | undefined {
    return this.#constants.get(node.inputs[index] ?? '');
  }

  /** Input `index` of `node`, which must be known and float. */
  weights(node: OnnxNode, index: number): FloatConstant {
    const constant = this.constant(node, index);
    if (constant?.kind === 'float') return constant;
    return refuse(node, `its input ${index + 1} must be float weights stored in the file`);
  }

  /** The node that makes an IR value; undefined for the picture. */
  producer(value: string): Node | undefined {
    return this.#nodes.find(({ output }) => output === value);
  }

  /** The scale that the file gives an IR value. */
  given(value: string): ActivationScale | undefined {
    return this.#given.get(value);
  }

  /** Says which scale the file gives an IR value. */
  give(value: string, scale: ActivationScale): void {
    this.#given.set(value, scale);
  }

  /** The finished graph. */
  finish(): Graph {
    const output = this.#bindings.get(this.#onnx.output);
    const vector = output !== undefined && output.flattened === undefined && this.shape(output.value).length === 2;
    if (!vector || this.#nodes.length === 0) {
      throw new LinegateError(
        'bad-model',
        `The model's output "${this.#onnx.output}" is no vector of scores [1, labels].`,
      );
    }
    const graph = { input: this.#onnx.input.name, output: output.value, nodes: this.#nodes, shapes: this.#shapes };
    if (this.#given.size === 0) return graph;
    return { ...graph, given: { activations: this.#given, weights: this.#givenWeights } };
  }

  /** Refuses what no device here could run, before anything tries to. */
  #count(onnx: OnnxNode, node: Node, output: Shape, [input = []]: readonly Shape[]): void {
    const elements = elementsOf(output);
    const weights = isWeighted(node) ? elementsOf(node.weightShape) : 1;
    this.#numbers += elements;
    // Every weight meets every place: of the output, or of the input where that is spread.
    const places = node.op === 'transpose-conv' ? input : output;
    this.#products += weights * (isWeighted(node) ? elementsOf(places) / Math.max(1, places.at(-1) ?? 1) : elements);
    if (this.#numbers <= MOST_NUMBERS && this.#products <= MOST_PRODUCTS) return;
    refuse(onnx, `with its result of [${output}] the network is too large for any device that it could run on`);
  }

  #uniqueName(name: string): string {
    let unique = name;
    for (let count = 2; this.#names.has(unique); count += 1) unique = `${name}_${count}`;
    this.#names.add(unique);
    return unique;
  }
}

/** How many numbers a shape holds. */
export function elementsOf(shape: Shape): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** The value that `node` makes. */
export function outputOf(node: OnnxNode): string {
  return node.outputs[0] || refuse(node, 'it has no output');
}

/** Throws LinegateError 'bad-model' that names the node. */
export function refuse(node: OnnxNode, why: string): never {
  const shown = why.length > LONGEST_REASON ? `${why.slice(0, LONGEST_REASON)}...` : why;
  throw new LinegateError('bad-model', `Node "${node.name}" (${node.opType}): ${shown}.`);
}
