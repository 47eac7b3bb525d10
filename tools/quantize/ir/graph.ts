import { LinegateError } from '../../../agent/core/errors.ts';

/** [1, height, width, channels] for pictures, [1, length] for vectors: always one part, channels last. */
export type Shape = readonly number[];

/** What a node does to its result at the end. */
export type Activation = 'none' | 'relu' | 'relu6';

/** Rows and columns of zeros around a picture. */
export interface Pads {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A window that moves over rows and columns, in pixels of its input. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: Pads;
}

interface NodeOf<Op extends string> {
  readonly op: Op;
  /** Unique in the graph; errors and reports name it. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
}

/** A dense convolution (weights OHWI) or, as `depthwise`, one filter a channel (weights 1HWC). `bias` has a number a channel. */
export interface ConvNode extends NodeOf<'conv' | 'depthwise'> {
  readonly window: Window;
  readonly dilations: readonly [number, number];
  readonly weights: Float32Array;
  readonly weightShape: Shape;
  readonly bias: Float32Array;
  readonly activation: Activation;
}

/**
 * A convolution turned round: every pixel is spread by the kernel over an output that its strides make larger. Weights OHWI; the
 * window's pads are cut off the output; `extra` rows and columns are added at its end.
 */
export interface TransposeConvNode extends NodeOf<'transpose-conv'> {
  readonly window: Window;
  readonly extra: readonly [number, number];
  readonly weights: Float32Array;
  readonly weightShape: Shape;
  readonly bias: Float32Array;
  readonly activation: Activation;
}

/** y = W x + b on vectors, W as [outputs, inputs]. */
export interface FullyConnectedNode extends NodeOf<'fully-connected'> {
  readonly weights: Float32Array;
  readonly weightShape: Shape;
  readonly bias: Float32Array;
  readonly activation: Activation;
}

/** y = x * scale + shift, a number of each a channel: batch normalisation and its relatives; no pass leaves one. */
export interface AffineNode extends NodeOf<'affine'> {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

export interface AddNode extends NodeOf<'add'> {
  readonly activation: Activation;
}

/** The product of two values of one shape, or of a picture and a factor a channel [1, 1, 1, channels]. */
export interface MulNode extends NodeOf<'mul'> {}

/** 1 / (1 + exp(-x)). */
export interface SigmoidNode extends NodeOf<'sigmoid'> {}

/** x * relu6(x + 3) / 6. */
export interface HardSwishNode extends NodeOf<'hard-swish'> {}

/** A picture of another size: place i of a side takes floor(i * from / to), or, with half-pixel centres, floor((i + 0.5) * from / to). */
export interface ResizeNode extends NodeOf<'resize-nearest'> {
  /** Rows and columns of the output. */
  readonly size: readonly [number, number];
  readonly halfPixelCentres: boolean;
}

/** Mean or maximum in a window; padded places are left out of both. */
export interface PoolNode extends NodeOf<'average-pool' | 'max-pool'> {
  readonly window: Window;
}

/** Concatenation along channels. */
export interface ConcatNode extends NodeOf<'concat'> {}

/** A picture to a vector, row by row, channels last; or a vector to a picture of one pixel. */
export interface ReshapeNode extends NodeOf<'reshape'> {
  readonly to: 'vector' | 'pixel';
}

/** An activation that no other node could take in; `none` only changes the scale. */
export interface ActivationNode extends NodeOf<'activation'> {
  readonly activation: Activation;
}

export interface SoftmaxNode extends NodeOf<'softmax'> {}

export interface PadNode extends NodeOf<'pad'> {
  readonly pads: Pads;
}

export type WeightedNode = ConvNode | TransposeConvNode | FullyConnectedNode;

export type Node =
  | WeightedNode
  | AffineNode
  | AddNode
  | MulNode
  | SigmoidNode
  | HardSwishNode
  | ResizeNode
  | PoolNode
  | ConcatNode
  | ReshapeNode
  | ActivationNode
  | SoftmaxNode
  | PadNode;

/** The scales of a file that was quantised before it came here; uint8 zero points. */
export interface GivenScales {
  /** By value. */
  readonly activations: ReadonlyMap<string, { readonly scale: number; readonly zeroPoint: number }>;
  /** By node: one scale for all weights, or one an output channel. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** An immutable network: nodes in an order in which they can run, one picture in, one vector out. */
export interface Graph {
  readonly input: string;
  readonly output: string;
  readonly nodes: readonly Node[];
  /** The shape of the input and of every node's output. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Scales to keep; none for a float file. */
  readonly given?: GivenScales;
}

/** A change of a graph that keeps what it computes. */
export type Pass = (graph: Graph) => Graph;

/** The shape of `value`. Throws LinegateError 'illegal-input' when the graph has no such value. */
export function shapeOf(graph: Pick<Graph, 'shapes'>, value: string): Shape {
  const shape = graph.shapes.get(value);
  if (shape === undefined) throw new LinegateError('illegal-input', `The graph has no value "${value}".`);
  return shape;
}

/** The number of channels, or the length of a vector. */
export function channelsOf(shape: Shape): number {
  return shape[shape.length - 1] ?? 0;
}

/** The node that makes `value`; undefined for the graph's input. */
export function producerOf(graph: Graph, value: string | undefined): Node | undefined {
  return graph.nodes.find((node) => node.output === value);
}

/** The only reader of `value`, or undefined when there are none or several or it is the graph's output. */
export function onlyConsumerOf(graph: Graph, value: string): Node | undefined {
  const readers = graph.nodes.filter((node) => node.inputs.includes(value));
  return readers.length === 1 && graph.output !== value ? readers[0] : undefined;
}

export function isWeighted(node: Node | undefined): node is WeightedNode {
  return node !== undefined && 'weights' in node;
}

/** The graph with `first` replaced by `merged`, which gives the value that `second` gave; `second` is gone. */
export function mergeInto(graph: Graph, first: Node, second: Node, merged: Node): Graph {
  const nodes = graph.nodes.filter((node) => node !== second).map((node) => (node === first ? merged : node));
  const shapes = new Map(graph.shapes);
  shapes.delete(first.output);
  return { ...graph, nodes, shapes };
}
