import type { TfliteDraft } from '../emit/tflite-draft.ts';
import type { Graph, Node, Shape } from '../ir/graph.ts';
import type { WireNode } from '../onnx/schema.ts';

/** The names that an operator's ONNX nodes read and write; `weights` and `bias` are empty where there are none. */
export interface TensorNames {
  readonly inputs: readonly string[];
  readonly weights: string;
  readonly bias: string;
  readonly output: string;
}

/**
 * All that is known of an operator: what it makes of shapes and of scales, and how it is written as ONNX and TFLite. Its integer
 * arithmetic is in `*-integers.ts` beside it, by TFLite's operators.
 */
export interface Operator<N extends Node> {
  /** `own`: its output has a scale of its own; `as-input`: the scale of its inputs; `unit`: 1/256 from zero. */
  readonly outputScale: 'own' | 'as-input' | 'unit';
  /** The output's shape. Throws LinegateError 'bad-model' when the node cannot run on `inputs`. */
  outputShape(node: N, inputs: readonly Shape[]): Shape;
  /** The ONNX nodes of the operator without its activation; they read and write channels first. */
  toOnnx(node: N, names: TensorNames, graph: Graph): readonly WireNode[];
  /** Writes the operator with its activation as TFLite's. Throws LinegateError 'bad-model' where TFLite has none. */
  toTflite(node: N, draft: TfliteDraft): void;
}
