import { writeModel } from '../onnx/codec.ts';
import { wireNode } from '../onnx/nodes.ts';
import type { WireAttribute, WireNode, WireTensor } from '../onnx/schema.ts';
import { elementType, wireTensor } from '../onnx/tensors.ts';

type Attributes = Readonly<Record<string, number | readonly number[] | string | { readonly float: number }>>;

/** A random number from -1 to 1 by turn, always the same series. */
export function randomSeries(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Builds float .onnx files for tests, node by node; weights are random but always the same. */
export class TestModel {
  readonly #nodes: WireNode[] = [];
  readonly #tensors: WireTensor[] = [];
  readonly #random = randomSeries(7);
  readonly #inputShape: readonly number[];
  readonly #opset: number;

  /** `inputShape` of the float input "image"; 0 is an open side. */
  constructor(inputShape: readonly number[], opset = 17) {
    this.#inputShape = inputShape;
    this.#opset = opset;
  }

  /** Stores random float weights around `centre`; gives their name. */
  weights(shape: readonly number[], size = 0.5, centre = 0): string {
    const length = shape.reduce((all, side) => all * side, 1);
    return this.floats(
      shape,
      Array.from({ length }, () => centre + size * this.#random()),
    );
  }

  floats(shape: readonly number[], values: readonly number[]): string {
    return this.#store(shape, Float32Array.from(values));
  }

  integers(values: readonly number[]): string {
    return this.#store([values.length], BigInt64Array.from(values.map(BigInt)));
  }

  /** Appends a node; gives the name of its output. */
  op(opType: string, inputs: readonly string[], attributes: Attributes = {}, name?: string): string {
    const output = `value_${this.#nodes.length}`;
    const node = wireNode(opType, name ?? `${opType}_${this.#nodes.length}`, inputs, output);
    this.#nodes.push({ ...node, attribute: Object.entries(attributes).map(attributeOf) });
    return output;
  }

  /** A 3 x 3 or other convolution that keeps the size, with a bias. */
  conv(input: string, from: number, to: number, kernel = 3, attributes: Attributes = {}): string {
    const side = Math.floor(kernel / 2);
    const weights = this.weights([to, from, kernel, kernel], 1 / kernel);
    const bias = this.weights([to], 0.1);
    return this.op('Conv', [input, weights, bias], { pads: [side, side, side, side], ...attributes });
  }

  finish(output: string): Uint8Array {
    const info = (name: string, shape: readonly number[]) => ({
      name,
      type: { tensorType: { elemType: elementType.float, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
    });
    return writeModel({
      irVersion: 8,
      producerName: 'test',
      opsetImport: [{ domain: '', version: this.#opset }],
      graph: {
        name: 'test',
        node: this.#nodes,
        initializer: this.#tensors,
        input: [info('image', this.#inputShape)],
        output: [{ name: output, type: { tensorType: { elemType: elementType.float } } }],
      },
    });
  }

  #store(shape: readonly number[], data: Float32Array | BigInt64Array): string {
    const name = `tensor_${this.#tensors.length}`;
    this.#tensors.push(wireTensor(name, shape, data));
    return name;
  }
}

function attributeOf([name, value]: [string, Attributes[string]]): WireAttribute {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  return 'float' in value ? { name, type: 1, f: value.float } : { name, type: 7, ints: value };
}

/** A network with all that the landed models use: stem, residual blocks, a depthwise block, pools, dense end. */
export function residualModel(): Uint8Array {
  const model = new TestModel([1, 3, 16, 16]);
  const stem = model.op('Relu', [model.conv('image', 3, 8)]);
  const inner = model.op('Relu', [model.conv(stem, 8, 8)]);
  const sum = model.op('Relu', [model.op('Add', [stem, model.conv(inner, 8, 8)])]);
  const depthwise = model.op('Conv', [sum, model.weights([8, 1, 3, 3]), model.weights([8], 0.1)], {
    group: 8,
    strides: [2, 2],
    pads: [0, 0, 1, 1],
  });
  const narrow = model.conv(model.op('Clip', [depthwise, model.floats([], [0]), model.floats([], [6])]), 8, 12, 1);
  const pooled = model.op('GlobalAveragePool', [model.op('Relu', [narrow])]);
  const logits = model.op('Gemm', [model.op('Flatten', [pooled]), model.weights([12, 4]), model.weights([4], 0.1)]);
  return model.finish(model.op('Softmax', [logits], { axis: -1 }));
}
