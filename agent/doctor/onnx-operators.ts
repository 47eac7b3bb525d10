/** A node of an ONNX graph, as much as is needed to see whether it calculates in INT8. */
interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** How the heavy operators of a model calculate. */
export interface Operators {
  /** Operators in whole numbers, or in float between quantised values, which the engine fuses. */
  readonly int8: number;
  /** Heavy operators in float, by name. */
  readonly float: readonly string[];
}

/** Where the time of a model goes; what stands beside them is small. */
const heavy = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);
const whole = new Set(['QLinearConv', 'ConvInteger', 'QLinearMatMul', 'MatMulInteger', 'QGemm', 'QLinearAdd']);

/** Looks at the graph of an .onnx file (ModelProto.graph is field 7, GraphProto.node 1). Throws RangeError on other bytes. */
export function operatorsOf(onnx: Uint8Array): Operators {
  const nodes = [...fields(onnx, 7)].flatMap((graph) => [...fields(graph, 1)].map(nodeOf));
  const dequantised = new Set(nodes.flatMap((node) => (node.operator === 'DequantizeLinear' ? node.outputs : [])));
  let int8 = 0;
  const float: string[] = [];
  for (const { operator, inputs } of nodes) {
    if (whole.has(operator)) int8 += 1;
    if (!heavy.has(operator)) continue;
    if (inputs.slice(0, 2).every((input) => dequantised.has(input))) int8 += 1;
    else float.push(operator);
  }
  return { int8, float };
}

/** Sizes by kind of field; a varint is read where it stands. */
const fixedBytes: Readonly<Record<number, number>> = { 0: 0, 1: 8, 5: 4 };

/** NodeProto: input 1, output 2, op_type 4. */
function nodeOf(bytes: Uint8Array): Node {
  const text = (field: number): string[] => [...fields(bytes, field)].map((each) => new TextDecoder().decode(each));
  return { inputs: text(1), outputs: text(2), operator: text(4)[0] ?? '' };
}

/** The byte strings of one field of a protobuf message; fields of other kinds are stepped over. */
function* fields(message: Uint8Array, wanted: number): Generator<Uint8Array> {
  let at = 0;
  const varint = (): number => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = message[at];
      if (byte === undefined || scale > 2 ** 63) throw new RangeError('this is no protobuf message');
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const kind = key & 7;
    const sizeBytes = kind === 2 ? varint() : (fixedBytes[kind] ?? Number.NaN);
    if (kind === 0) varint();
    const end = at + sizeBytes;
    if (!(end <= message.length)) throw new RangeError('this protobuf message ends too early');
    if (kind === 2 && Math.floor(key / 8) === wanted) yield message.subarray(at, end);
    at = end;
  }
}
