import { LinegateError } from '../../../agent/core/errors.ts';
import { checkedName } from './names.ts';
import type { WireAttribute, WireInt, WireModel, WireNode, WireValueInfo } from './schema.ts';
import { type Constant, constantOf, integerOf } from './tensors.ts';

/** One attribute's value; a tensor attribute is a constant. */
export type Attribute = number | string | readonly number[] | Constant;

/** A node of an ONNX graph, checked and with plain numbers. */
export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** An ONNX graph with one float image input and one float output; `constants` holds what is known before it runs. */
export interface OnnxGraph {
  readonly opset: number;
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly output: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, Constant>;
}

const FLOAT = 1;
/** Passes look at nodes in pairs; a network for these devices has tens to hundreds. */
const MOST_NODES = 2000;
/** Inputs of a node, and numbers of an attribute. */
const LONGEST_LIST = 256;

/** Takes the part of a decoded file that the quantiser needs. Throws LinegateError 'bad-model'. */
export function onnxGraph(model: WireModel): OnnxGraph {
  const { graph } = model;
  if (!graph || graph.node.length === 0)
    throw new LinegateError('bad-model', 'The file holds no graph; export it again.');
  if (graph.node.length > MOST_NODES) {
    throw new LinegateError('bad-model', `The model has ${graph.node.length} nodes; at most ${MOST_NODES} are read.`);
  }
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, constantOf(tensor)]));
  const inputs = graph.input.filter((input) => !constants.has(input.name));
  const [input, output] = [inputs[0], graph.output[0]];
  if (input === undefined || inputs.length > 1 || output === undefined || graph.output.length > 1) {
    throw new LinegateError(
      'bad-model',
      `The model has ${inputs.length} inputs and ${graph.output.length} outputs; one image in and one vector out are needed.`,
    );
  }
  return {
    opset: opsetOf(model),
    input: { name: checkedName(input.name), shape: shapeOf(input) },
    output: checkedName(output.name),
    nodes: graph.node.map(nodeOf),
    constants,
  };
}

function opsetOf(model: WireModel): number {
  const found = model.opsetImport.find(
    (set) => set.domain === undefined || set.domain === '' || set.domain === 'ai.onnx',
  );
  const opset = found === undefined ? 0 : integerOf(found.version);
  if (opset >= 9 && opset <= 24) return opset;
  throw new LinegateError('bad-model', `The model uses ONNX opset ${opset}; export it with an opset from 9 to 24.`);
}

function shapeOf(input: WireValueInfo): number[] {
  const tensor = input.type?.tensorType;
  if (!tensor?.shape || tensor.elemType !== FLOAT) {
    throw new LinegateError(
      'bad-model',
      `Input "${input.name}" is no float tensor of a known shape; export it as one.`,
    );
  }
  // A batch that is left open becomes 1: a station looks at one part at a time.
  return tensor.shape.dim.map((dim, axis) => (dim.dimValue ? integerOf(dim.dimValue) : axis === 0 ? 1 : 0));
}

function nodeOf(node: WireNode, index: number): OnnxNode {
  const opType = checkedName(node.opType);
  const name = checkedName(node.name) || `${opType}_${index}`;
  if (node.input.length > LONGEST_LIST || node.output.length > LONGEST_LIST) {
    throw new LinegateError(
      'bad-model',
      `Node "${name}" has ${node.input.length} inputs and ${node.output.length} outputs; at most ${LONGEST_LIST} are read.`,
    );
  }
  const custom = node.domain !== undefined && node.domain !== '' && node.domain !== 'ai.onnx';
  return {
    name,
    opType: custom ? `${checkedName(node.domain ?? '')}.${opType}` : opType,
    inputs: node.input.map(checkedName),
    outputs: node.output.map(checkedName),
    attributes: new Map(node.attribute.map((attribute) => [checkedName(attribute.name), contentOf(attribute, name)])),
  };
}

function contentOf(attribute: WireAttribute, node: string): Attribute {
  if (Math.max(attribute.ints?.length ?? 0, attribute.floats?.length ?? 0) > LONGEST_LIST) {
    throw new LinegateError(
      'bad-model',
      `Node "${node}": attribute "${attribute.name}" has more than ${LONGEST_LIST} numbers; the file is damaged.`,
    );
  }
  switch (attribute.type) {
    case 1:
      return attribute.f ?? 0;
    case 2:
      return integerOf(attribute.i ?? 0);
    case 3:
      // protobufjs gives a plain list where the file has nothing.
      return checkedName(new TextDecoder().decode(Uint8Array.from(attribute.s ?? [])));
    case 4:
      if (attribute.t) return constantOf(attribute.t);
      break;
    case 6:
      return [...(attribute.floats ?? [])];
    case 7:
      return (attribute.ints ?? []).map((value: WireInt) => integerOf(value));
  }
  throw new LinegateError('bad-model', `Node "${node}": attribute "${attribute.name}" has a type that is not read.`);
}
