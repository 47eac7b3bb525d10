import type { WireAttribute, WireGraph, WireModel, WireNode, WireTensor } from '../../tools/quantize/onnx/schema.ts';
import type { Dice } from './dice.ts';

type GraphChange = (graph: WireGraph, dice: Dice) => WireGraph;

/** Sizes that are wrong in every way in which a size can be. */
const SIZES = [0, -1, 1, 2, 3, 7, 255, 1024, 65536, 2 ** 31 - 1, -(2 ** 31), 2 ** 40, 2 ** 53 - 1];
const FLOATS = [Number.NaN, Number.POSITIVE_INFINITY, -1e38, 0, 1e-45, 6];
const OPERATORS = [
  ...['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'Add', 'Mul', 'Div', 'Sub', 'Concat', 'Reshape', 'Transpose', 'Clip'],
  ...['Flatten', 'Squeeze', 'Unsqueeze', 'Pad', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'ReduceMean', 'Resize'],
  ...['Softmax', 'Sigmoid', 'HardSwish', 'HardSigmoid', 'BatchNormalization', 'QuantizeLinear', 'DequantizeLinear'],
  ...['Identity', 'Constant', 'Shape', 'Gather', 'Slice', 'Cast', 'If', 'Loop', 'Relu\u0000', ''],
];

/** Damage that keeps the file an ONNX file: what a wrong exporter or a hostile hand would write. */
export const graphChanges: Readonly<Record<string, GraphChange>> = {
  'operator exchanged': onNode((node, dice) => ({ ...node, opType: dice.of(OPERATORS) ?? '' })),
  'input rewired': onNode((node, dice, graph) => ({
    ...node,
    input: replaced(node.input, dice, anyValue(graph, dice)),
  })),
  'loop closed': onNode((node, dice, graph) => {
    const later = graph.node.slice(graph.node.indexOf(node)).flatMap(({ output }) => output);
    return { ...node, input: replaced(node.input, dice, dice.of(later) ?? '') };
  }),
  'reads itself': onNode((node, dice) => ({ ...node, input: replaced(node.input, dice, node.output[0] ?? '') })),
  'input lost': onNode((node, dice) => ({ ...node, input: node.input.slice(0, dice.below(node.input.length + 1)) })),
  'inputs many': onNode((node) => ({ ...node, input: new Array<string>(300).fill(node.input[0] ?? '') })),
  'output renamed': onNode((node, dice, graph) => ({ ...node, output: [anyValue(graph, dice)] })),
  'names long or strange': onNode((node, dice) => ({
    ...node,
    name: dice.of(['x'.repeat(5000), '\u001b[31m', '']) ?? '',
  })),
  'node twice': (graph, dice) => ({ ...graph, node: replacedBy(graph.node, dice, (node) => [node, node]) }),
  'node lost': (graph, dice) => ({ ...graph, node: replacedBy(graph.node, dice, () => []) }),
  'nodes turned round': (graph) => ({ ...graph, node: graph.node.toReversed() }),
  'nodes many': (graph) => ({
    ...graph,
    node: Array.from({ length: 2500 }, () => graph.node)
      .flat()
      .slice(0, 2500),
  }),
  'attribute lost': onNode((node, dice) => ({ ...node, attribute: replacedBy(node.attribute, dice, () => []) })),
  'attribute changed': onAttribute(changedAttribute),
  'attribute of another type': onAttribute((attribute, dice) => ({ ...attribute, type: dice.below(16) - 1 })),
  'attribute list long': onAttribute((attribute) => ({
    ...attribute,
    type: 7,
    ints: new Array<number>(20_000).fill(1),
  })),
  'shape changed': onTensor((tensor, dice) => ({ ...tensor, dims: replaced(tensor.dims, dice, anySize(dice)) })),
  'shape turned round': onTensor((tensor) => ({ ...tensor, dims: tensor.dims.toReversed() })),
  'shape of many sides': onTensor((tensor, dice) => ({
    ...tensor,
    dims: [...new Array<number>(5000).fill(dice.of([1, 0, 2]) ?? 1), ...tensor.dims],
  })),
  'type changed': onTensor((tensor, dice) => ({ ...tensor, dataType: dice.below(25) - 1 })),
  'weights elsewhere': onTensor((tensor) => ({ ...tensor, rawData: new Uint8Array(), dataLocation: 1 })),
  'weights cut off': onTensor((tensor, dice) => ({
    ...tensor,
    rawData: tensor.rawData?.slice(0, dice.below(tensor.rawData.length)) ?? new Uint8Array(),
  })),
  'weights strange': onTensor((tensor, dice) => ({ ...tensor, rawData: strangeFloats(tensor, dice) })),
  'integers strange': onTensor((tensor, dice) => strangeIntegers(tensor, dice)),
  'tensor renamed': onTensor((tensor, dice, graph) => ({ ...tensor, name: anyValue(graph, dice) })),
  'tensor lost': (graph, dice) => ({ ...graph, initializer: replacedBy(graph.initializer, dice, () => []) }),
  'input shape changed': (graph, dice) => ({ ...graph, input: graph.input.map((one) => reshapedInput(one, dice)) }),
  'output renamed at the end': (graph, dice) => ({
    ...graph,
    output: graph.output.map((one) => ({ ...one, name: anyValue(graph, dice) })),
  }),
  'two outputs': (graph) => ({ ...graph, output: [...graph.output, ...graph.output] }),
};

/** The model with `change` made to its graph, or without a graph. */
export function changedModel(model: WireModel, change: GraphChange, dice: Dice): WireModel {
  if (!model.graph || dice.below(200) === 0) return { ...model, graph: null };
  const opset = dice.below(50) === 0 ? [{ domain: '', version: anySize(dice) }] : model.opsetImport;
  return { ...model, opsetImport: opset, graph: change(model.graph, dice) };
}

function onNode(change: (node: WireNode, dice: Dice, graph: WireGraph) => WireNode): GraphChange {
  return (graph, dice) => ({ ...graph, node: replacedBy(graph.node, dice, (node) => [change(node, dice, graph)]) });
}

function onAttribute(change: (attribute: WireAttribute, dice: Dice) => WireAttribute): GraphChange {
  return onNode((node, dice) => ({
    ...node,
    attribute: replacedBy(node.attribute, dice, (one) => [change(one, dice)]),
  }));
}

/** Changes a stored tensor, or one that a Constant node carries. */
function onTensor(change: (tensor: WireTensor, dice: Dice, graph: WireGraph) => WireTensor): GraphChange {
  return (graph, dice) => {
    const constants = graph.node.filter(({ attribute }) => attribute.some(({ t }) => t));
    const chosen = dice.of([...graph.initializer, ...constants]);
    const inNode = (one: WireAttribute) => (one.t ? { ...one, t: change(one.t, dice, graph) } : one);
    return {
      ...graph,
      initializer: graph.initializer.map((one) => (one === chosen ? change(one, dice, graph) : one)),
      node: graph.node.map((one) => (one === chosen ? { ...one, attribute: one.attribute.map(inNode) } : one)),
    };
  };
}

function changedAttribute(attribute: WireAttribute, dice: Dice): WireAttribute {
  return {
    ...attribute,
    i: anySize(dice),
    f: dice.of(FLOATS) ?? 0,
    s: new TextEncoder().encode(dice.of(['SAME_UPPER', 'VALID', 'linear', 'cubic', '\u0000', 'x'.repeat(9999)]) ?? ''),
    ints: replaced(attribute.ints ?? [], dice, anySize(dice)),
  };
}

function strangeFloats({ rawData = new Uint8Array() }: WireTensor, dice: Dice): Uint8Array {
  const copy = Uint8Array.from(rawData);
  const view = new DataView(copy.buffer);
  const at = 4 * dice.below(Math.floor(copy.length / 4));
  if (at >= 0) view.setFloat32(at, dice.of(FLOATS) ?? 0, true);
  return copy;
}

function strangeIntegers(tensor: WireTensor, dice: Dice): WireTensor {
  const count = (tensor.rawData?.length ?? 0) / 8;
  if (tensor.dataType !== 7 || count < 1) return { ...tensor, int64Data: [anySize(dice)] };
  const numbers = new BigInt64Array(Uint8Array.from(tensor.rawData ?? []).buffer);
  numbers[dice.below(count)] = BigInt(anySize(dice));
  return { ...tensor, rawData: new Uint8Array(numbers.buffer) };
}

function reshapedInput(input: WireGraph['input'][number], dice: Dice): WireGraph['input'][number] {
  const dim = input.type?.tensorType?.shape?.dim ?? [];
  const shape = { dim: replaced(dim, dice, { dimValue: anySize(dice) }) };
  return { ...input, type: { tensorType: { elemType: 1 + (dice.below(4) === 0 ? dice.below(16) : 0), shape } } };
}

function anySize(dice: Dice): number {
  return dice.of(SIZES) ?? 0;
}

function anyValue({ node, initializer }: WireGraph, dice: Dice): string {
  return dice.of([...node.flatMap(({ input }) => input), ...initializer.map(({ name }) => name)]) ?? '';
}

/** `list` with one place replaced by `value`. */
function replaced<T>(list: readonly T[], dice: Dice, value: T): T[] {
  const at = dice.below(list.length);
  return list.map((one, i) => (i === at ? value : one));
}

/** `list` with one place replaced by what `change` makes of it. */
function replacedBy<T>(list: readonly T[], dice: Dice, change: (one: T) => readonly T[]): T[] {
  const at = dice.below(list.length);
  return list.flatMap((one, i) => (i === at ? change(one) : [one]));
}
