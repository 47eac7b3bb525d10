import type { WireAttribute, WireGraph, WireNode, WireTensor } from '../onnx/schema.ts';

/** Lists that mean nothing where each number is this one. */
const DEFAULTS: Readonly<Record<string, number>> = { strides: 1, dilations: 1, pads: 0, output_padding: 0, group: 1 };

const KEY_BYTES = 32;

/** The graph without what ONNX takes for granted: equal tensors twice, attributes at their defaults. */
export function compact(graph: WireGraph): WireGraph {
  const { tensors, nameOf } = shared(graph.initializer);
  const nodes = graph.node.map((node) => ({
    ...node,
    input: node.input.map(nameOf),
    attribute: node.attribute.filter(isNeeded(node)),
  }));
  const read = new Set(nodes.flatMap(({ input }) => input));
  return { ...graph, node: nodes, initializer: tensors.filter(({ name }) => read.has(name)) };
}

/** One tensor of each content; `nameOf` gives for any name the one that stays. */
function shared(all: readonly WireTensor[]) {
  const alike = new Map<string, WireTensor[]>();
  const tensors: WireTensor[] = [];
  const names = new Map<string, string>();
  for (const tensor of all) {
    const bytes = bytesOf(tensor);
    // Whole weights as keys would take a millisecond a file, of which a search writes dozens.
    const key = `${tensor.dataType} ${tensor.dims} ${bytes.toString('latin1', 0, KEY_BYTES)}`;
    const others = alike.get(key) ?? [];
    const known = others.find((other) => bytesOf(other).equals(bytes));
    names.set(tensor.name, (known ?? tensor).name);
    if (known !== undefined) continue;
    tensors.push(tensor);
    alike.set(key, [...others, tensor]);
  }
  return { tensors, nameOf: (name: string) => names.get(name) ?? name };
}

/** The bytes as they lie. */
function bytesOf({ rawData }: WireTensor): Buffer {
  return rawData ? Buffer.from(rawData.buffer, rawData.byteOffset, rawData.length) : Buffer.alloc(0);
}

function isNeeded({ opType }: WireNode) {
  return ({ name, i, ints = [] }: WireAttribute): boolean => {
    // The weights have the shape of the kernel.
    if (name === 'kernel_shape') return !opType.startsWith('Conv');
    const meaningless = DEFAULTS[name];
    return meaningless === undefined || ![i ?? [], ints].flat().every((one) => one === meaningless);
  };
}
