import { LinegateError } from '../../../agent/core/errors.ts';
import type { TfliteDraft } from '../emit/tflite-draft.ts';
import {
  type Activation,
  type ActivationNode,
  type AddNode,
  type AffineNode,
  type ConcatNode,
  channelsOf,
  type Node,
  type PadNode,
  type ReshapeNode,
  type Shape,
  type SoftmaxNode,
  shapeOf,
} from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import type { WireNode } from '../onnx/schema.ts';
import { ACTIVATION } from '../tflite/builtins.ts';
import type { Operator } from './operator.ts';

/** The sum of two values of one shape. */
export const add: Operator<AddNode> = {
  outputScale: 'own',
  outputShape(node, [left = [], right = []]) {
    if (left.join() === right.join()) return left;
    throw new LinegateError(
      'bad-model',
      `Node "${node.name}": it adds [${left}] and [${right}]; equal shapes are needed.`,
    );
  },
  toOnnx: (node, { inputs, output }) => [wireNode('Add', node.name, inputs, output)],
  toTflite(node, draft) {
    const inputs = node.inputs.map((value) => draft.value(value));
    const options = { activation: ACTIVATION[node.activation] };
    draft.push({ builtin: 'ADD', inputs, output: draft.value(node.output), options });
  },
};

/** Pictures of one size side by side along their channels. */
export const concat: Operator<ConcatNode> = {
  outputScale: 'as-input',
  outputShape(node, inputs) {
    const sides = new Set(inputs.map((shape) => shape.slice(0, -1).join()));
    const [first] = inputs;
    if (first !== undefined && sides.size === 1) {
      return [...first.slice(0, -1), inputs.reduce((sum, shape) => sum + channelsOf(shape), 0)];
    }
    throw new LinegateError('bad-model', `Node "${node.name}": it joins pictures of unlike sizes.`);
  },
  toOnnx: (node, { inputs, output }) => [wireNode('Concat', node.name, inputs, output, { axis: 1 })],
  toTflite(node, draft) {
    const inputs = node.inputs.map((value) => draft.value(value));
    const axis = shapeOf(draft.graph, node.output).length - 1;
    const options = { axis, activation: ACTIVATION.none };
    draft.push({ builtin: 'CONCATENATION', inputs, output: draft.value(node.output), options });
  },
};

/** A picture to a vector, or back where it is a single pixel. */
export const reshape: Operator<ReshapeNode> = {
  outputScale: 'as-input',
  outputShape(node, [input = []]) {
    const length = input.reduce((product, side) => product * side, 1);
    return node.to === 'pixel' ? [1, 1, 1, length] : [1, length];
  },
  toOnnx(node, { inputs, output }, graph) {
    if (node.to === 'pixel') return toPixel(node, inputs, output);
    const [, height = 1, width = 1, channels = 1] = shapeOf(graph, node.inputs[0] ?? '');
    if (height * width === 1 || channels === 1) return [wireNode('Flatten', node.name, inputs, output)];
    // The vector's order is channels last; ONNX pictures are channels first.
    const turned = `${output}_channels_last`;
    return [
      wireNode('Transpose', `${node.name}_transpose`, inputs, turned, { perm: [0, 2, 3, 1] }),
      wireNode('Flatten', node.name, [turned], output),
    ];
  },
  toTflite(node, draft) {
    const inputs = [draft.value(node.inputs[0] ?? '')];
    const options = { shape: shapeOf(draft.graph, node.output) };
    draft.push({ builtin: 'RESHAPE', inputs, output: draft.value(node.output), options });
  },
};

function toPixel({ name }: ReshapeNode, inputs: readonly string[], output: string): WireNode[] {
  const shape = `${output}_shape`;
  return [
    wireNode('Constant', `${name}_shape`, [], shape, { value_ints: [1, -1, 1, 1] }),
    wireNode('Reshape', name, [...inputs, shape], output),
  ];
}

/** Scores that add up to one. */
export const softmax: Operator<SoftmaxNode> = {
  outputScale: 'unit',
  outputShape: (_node, [input = []]) => input,
  toOnnx: (node, { inputs, output }) => [wireNode('Softmax', node.name, inputs, output)],
  toTflite(node, draft) {
    const inputs = [draft.value(node.inputs[0] ?? '')];
    draft.push({ builtin: 'SOFTMAX', inputs, output: draft.value(node.output), options: { beta: 1 } });
  },
};

/** An activation that stands alone: its whole work is the activation that every emitter adds. */
export const activation: Operator<ActivationNode> = {
  outputScale: 'own',
  outputShape: (_node, [input = []]) => input,
  toOnnx: (node, { inputs, output }) => [wireNode('Identity', node.name, inputs, output)],
  toTflite(node, draft) {
    const input = draft.value(node.inputs[0] ?? '');
    const output = draft.value(node.output);
    if (node.activation === 'relu') {
      draft.push({ builtin: 'RELU', inputs: [input], output, options: {} });
      return;
    }
    if (node.activation === 'none') {
      draft.push({ builtin: 'QUANTIZE', inputs: [input], output, options: {} });
      return;
    }
    // RELU6 cannot change the scale, so a QUANTIZE in front of it does.
    const rescaled = draft.beside(node.output, `${node.name}/rescaled`, shapeOf(draft.graph, node.output));
    draft.push({ builtin: 'QUANTIZE', inputs: [input], output: rescaled, options: {} });
    draft.push({ builtin: 'RELU6', inputs: [rescaled], output, options: {} });
  },
};

/**
 * Writes an operator whose kernel in TFLite has no activation, `push`, into the place that it is given, and the node's activation behind
 * it, unless the edges of int8 cut just there.
 */
export function pushActivation(
  node: Node & { readonly activation: Activation },
  draft: TfliteDraft,
  push: (output: number) => void,
): void {
  const output = draft.value(node.output);
  if (!draft.mustCut(node)) {
    push(output);
    return;
  }
  const plain = draft.beside(node.output, `${node.name}/before_activation`, shapeOf(draft.graph, node.output));
  push(plain);
  draft.push({ builtin: node.activation === 'relu6' ? 'RELU6' : 'RELU', inputs: [plain], output, options: {} });
}

/** Passes replace it before anything is written. */
export const affine: Operator<AffineNode> = {
  outputScale: 'own',
  outputShape(node, [input = []]) {
    if (channelsOf(input) === node.scale.length) return input;
    throw new LinegateError(
      'bad-model',
      `Node "${node.name}": it has ${node.scale.length} factors for the shape [${input}]; one a channel is needed.`,
    );
  },
  toOnnx: notWritten,
  toTflite: notWritten,
};

/** Zeros around a picture; passes merge it with a convolution behind it where there is one. */
export const pad: Operator<PadNode> = {
  outputScale: 'as-input',
  outputShape(node, [input = []]): Shape {
    const [, height = 0, width = 0] = input;
    const { top, left, bottom, right } = node.pads;
    return [1, height + top + bottom, width + left + right, channelsOf(input)];
  },
  toOnnx({ name, pads: { top, left, bottom, right } }, { inputs, output }) {
    const pads = `${output}_pads`;
    return [
      wireNode('Constant', `${name}_pads`, [], pads, { value_ints: [0, 0, top, left, 0, 0, bottom, right] }),
      wireNode('Pad', name, [...inputs, pads], output),
    ];
  },
  toTflite({ name, inputs: [value = ''], output, pads: { top, left, bottom, right } }, draft) {
    const sides = Int32Array.of(0, 0, top, bottom, left, right, 0, 0);
    const inputs = [draft.value(value), draft.stored(`${name}/pads`, [4, 2], sides)];
    draft.push({ builtin: 'PAD', inputs, output: draft.value(output), options: {} });
  },
};

function notWritten(node: Node): never {
  throw new LinegateError(
    'bad-model',
    `Node "${node.name}" (${node.op}) cannot be merged with a convolution next to it; put one before or behind it.`,
  );
}
