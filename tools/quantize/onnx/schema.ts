import protobuf from 'protobufjs';

/** The few messages of onnx.proto3 that the quantiser reads and writes; unknown fields are skipped by the reader. */
const fieldsOf = {
  Model: {
    irVersion: { type: 'int64', id: 1 },
    producerName: { type: 'string', id: 2 },
    graph: { type: 'Graph', id: 7 },
    opsetImport: { rule: 'repeated', type: 'OperatorSet', id: 8 },
  },
  OperatorSet: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } },
  Graph: {
    node: { rule: 'repeated', type: 'Node', id: 1 },
    name: { type: 'string', id: 2 },
    initializer: { rule: 'repeated', type: 'Tensor', id: 5 },
    input: { rule: 'repeated', type: 'ValueInfo', id: 11 },
    output: { rule: 'repeated', type: 'ValueInfo', id: 12 },
  },
  Node: {
    input: { rule: 'repeated', type: 'string', id: 1 },
    output: { rule: 'repeated', type: 'string', id: 2 },
    name: { type: 'string', id: 3 },
    opType: { type: 'string', id: 4 },
    attribute: { rule: 'repeated', type: 'Attribute', id: 5 },
    domain: { type: 'string', id: 7 },
  },
  Attribute: {
    name: { type: 'string', id: 1 },
    f: { type: 'float', id: 2 },
    i: { type: 'int64', id: 3 },
    s: { type: 'bytes', id: 4 },
    t: { type: 'Tensor', id: 5 },
    floats: { rule: 'repeated', type: 'float', id: 7 },
    ints: { rule: 'repeated', type: 'int64', id: 8 },
    type: { type: 'int32', id: 20 },
  },
  Tensor: {
    dims: { rule: 'repeated', type: 'int64', id: 1 },
    dataType: { type: 'int32', id: 2 },
    floatData: { rule: 'repeated', type: 'float', id: 4 },
    int32Data: { rule: 'repeated', type: 'int32', id: 5 },
    int64Data: { rule: 'repeated', type: 'int64', id: 7 },
    name: { type: 'string', id: 8 },
    rawData: { type: 'bytes', id: 9 },
    dataLocation: { type: 'int32', id: 14 },
  },
  ValueInfo: { name: { type: 'string', id: 1 }, type: { type: 'ValueType', id: 2 } },
  ValueType: { tensorType: { type: 'TensorType', id: 1 } },
  TensorType: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShape', id: 2 } },
  TensorShape: { dim: { rule: 'repeated', type: 'Dimension', id: 1 } },
  Dimension: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } },
};

const root = protobuf.Root.fromJSON({
  options: { syntax: 'proto3' },
  nested: Object.fromEntries(Object.entries(fieldsOf).map(([name, fields]) => [name, { fields }])),
});

/** The protobuf message type of a whole .onnx file. */
export const modelType = root.lookupType('Model');

/** A 64-bit integer as protobufjs reads it. */
export type WireInt = number | { toNumber(): number };

export interface WireTensor {
  readonly dims: readonly WireInt[];
  readonly dataType: number;
  readonly floatData?: readonly number[];
  readonly int32Data?: readonly number[];
  readonly int64Data?: readonly WireInt[];
  readonly name: string;
  readonly rawData?: Uint8Array;
  readonly dataLocation?: number;
}

export interface WireAttribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: WireInt;
  readonly s?: Uint8Array;
  readonly t?: WireTensor | null;
  readonly floats?: readonly number[];
  readonly ints?: readonly WireInt[];
}

export interface WireNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly WireAttribute[];
  readonly domain?: string;
}

export interface WireValueInfo {
  readonly name: string;
  readonly type?: {
    readonly tensorType?: {
      readonly elemType: number;
      readonly shape?: { readonly dim: readonly { readonly dimValue?: WireInt; readonly dimParam?: string }[] } | null;
    } | null;
  } | null;
}

export interface WireGraph {
  readonly name: string;
  readonly node: readonly WireNode[];
  readonly initializer: readonly WireTensor[];
  readonly input: readonly WireValueInfo[];
  readonly output: readonly WireValueInfo[];
}

/** A decoded .onnx file, field for field. */
export interface WireModel {
  readonly irVersion: WireInt;
  readonly producerName: string;
  readonly graph?: WireGraph | null;
  readonly opsetImport: readonly { readonly domain?: string; readonly version: WireInt }[];
}
