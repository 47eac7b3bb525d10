import { choosePlan, logitsOf } from '../../tools/quantize/calibrate/choose-plan.ts';
import { pictureTensor } from '../../tools/quantize/calibrate/session.ts';
import { tfliteModel } from '../../tools/quantize/emit/tflite.ts';
import { shapeOf } from '../../tools/quantize/ir/graph.ts';
import { compile } from '../../tools/quantize/passes/pipeline.ts';
import { randomSeries, residualModel, TestModel } from '../../tools/quantize/testing/test-model.ts';
import type { TfliteModel } from '../../tools/quantize/tflite/model.ts';

const SIDE_PX = 16;
const CHANNELS = 3;

/** Small networks with random weights; between them they use every operator that the quantiser writes. */
export const networks = {
  'plain-cnn': plain,
  'depthwise-separable': depthwiseSeparable,
  residual: residualModel,
  'all-operators': allOperators,
  'squeeze-excite': squeezeExcite,
  enlarging,
} as const;

/** A network as TFLite, its outputs scores and logits, or with every value that it makes. */
export async function tfliteNetwork(name: keyof typeof networks, every = false): Promise<TfliteModel> {
  const graph = compile(networks[name](), { heightPx: SIDE_PX, widthPx: SIDE_PX, channels: CHANNELS });
  const values = graph.nodes.map(({ output }) => output).filter((output) => output !== graph.output);
  const pictures = randomInputs(40).map((input) => Uint8Array.from(input, (stored) => stored + 128));
  const [{ plan }] = await choosePlan(
    graph,
    pictures.map((picture) => pictureTensor(picture, shapeOf(graph, graph.input))),
  );
  return tfliteModel(graph, plan, every ? values : [logitsOf(graph)]);
}

/**
 * Random int8 pictures, always the same: every colour has a brightness, a slope over the columns and a noise of its own, because
 * the means of pure noise are all alike.
 */
export function randomInputs(count: number, length = SIDE_PX * SIDE_PX * CHANNELS): Int8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const random = randomSeries(i + 1);
    const colours = Array.from({ length: CHANNELS }, () => ({
      brightness: 100 * random(),
      slope: 12 * random(),
      noise: 40 * random(),
    }));
    return Int8Array.from({ length }, (__, at) => {
      const { brightness, slope, noise } = colours[at % CHANNELS] ?? { brightness: 0, slope: 0, noise: 0 };
      const column = Math.floor(at / CHANNELS) % SIDE_PX;
      const value = brightness + slope * (column - SIDE_PX / 2) + noise * random();
      return Math.max(-128, Math.min(127, Math.round(value)));
    });
  });
}

function ended(model: TestModel, picture: string, channels: number): Uint8Array {
  const vector = model.op('Flatten', [model.op('GlobalAveragePool', [picture])]);
  return model.finish(model.op('Gemm', [vector, model.weights([channels, 5]), model.weights([5], 0.1)]));
}

function plain(): Uint8Array {
  const model = new TestModel([1, CHANNELS, SIDE_PX, SIDE_PX]);
  const half = { kernel_shape: [2, 2], strides: [2, 2] };
  const first = model.op('MaxPool', [model.op('Relu', [model.conv('image', 3, 6)])], half);
  const second = model.op('MaxPool', [model.op('Relu', [model.conv(first, 6, 10, 5)])], half);
  const vector = model.op('Flatten', [model.op('Relu', [model.conv(second, 10, 4, 1)])]);
  return model.finish(model.op('Gemm', [vector, model.weights([64, 5], 0.3), model.weights([5], 0.1)]));
}

function depthwiseSeparable(): Uint8Array {
  const model = new TestModel([1, CHANNELS, SIDE_PX, SIDE_PX]);
  // A step of 2 with a pixel on every side: PAD in TFLite.
  const stem = model.conv('image', 3, 8, 3, { strides: [2, 2] });
  const limited = (value: string) => model.op('Clip', [value, model.floats([], [0]), model.floats([], [6])]);
  let value = limited(stem);
  for (const strides of [
    [1, 1],
    [2, 2],
    [1, 1],
  ]) {
    const weights = [model.weights([8, 1, 3, 3], 0.4), model.weights([8], 0.1)];
    const depthwise = model.op('Conv', [value, ...weights], { group: 8, strides, pads: [1, 1, 1, 1] });
    value = limited(model.conv(limited(depthwise), 8, 8, 1));
  }
  return ended(model, value, 8);
}

function allOperators(): Uint8Array {
  const model = new TestModel([1, CHANNELS, SIDE_PX, SIDE_PX]);
  const window = { kernel_shape: [3, 3], strides: [2, 2] };
  const stem = model.conv('image', 3, 4, 3, { dilations: [2, 2], pads: [2, 2, 2, 2] });
  const largest = model.op('MaxPool', [stem], { ...window, pads: [1, 1, 1, 1] });
  const mean = model.op('AveragePool', [stem], { ...window, pads: [0, 0, 1, 1] });
  const joined = model.op('Concat', [largest, mean], { axis: 1 });
  const relu = model.op('Relu', [joined]);
  const relu6 = model.op('Clip', [joined, model.floats([], [0]), model.floats([], [6])]);
  const sum = model.op('Add', [relu, relu6]);
  return ended(model, model.op('Relu', [model.conv(sum, 8, 6, 3, { strides: [2, 1], pads: [1, 0, 0, 2] })]), 6);
}

/** HardSwish, a gate of HardSigmoid and one of Sigmoid, products of two pictures and of a picture and a factor a channel. */
function squeezeExcite(): Uint8Array {
  const model = new TestModel([1, CHANNELS, SIDE_PX, SIDE_PX]);
  const stem = model.op('HardSwish', [model.conv('image', 3, 8, 3, { strides: [2, 2] })]);
  const squeezed = model.op('Relu', [model.conv(model.op('GlobalAveragePool', [stem]), 8, 4, 1)]);
  const gate = model.op('HardSigmoid', [model.conv(squeezed, 4, 8, 1)], { alpha: { float: 1 / 6 } });
  const gated = model.conv(model.op('Mul', [gate, stem]), 8, 6);
  const silu = model.op('Mul', [gated, model.op('Sigmoid', [gated])]);
  const vector = model.op('Flatten', [model.op('GlobalAveragePool', [silu])]);
  const factors = model.op('Sigmoid', [model.op('Gemm', [vector, model.weights([6, 6], 2), model.weights([6])])]);
  const factor = model.op('Unsqueeze', [factors, model.integers([2, 3])]);
  return ended(model, model.op('HardSwish', [model.op('Mul', [silu, factor])]), 6);
}

/** Nearest pixels by whole and broken factors, transposed convolutions in every way of padding, one that ends in Relu6. */
function enlarging(): Uint8Array {
  const model = new TestModel([1, CHANNELS, SIDE_PX, SIDE_PX]);
  const turned = (input: string, from: number, to: number, kernel: number, attributes: object) => {
    const weights = [model.weights([from, to, kernel, kernel], 0.5), model.weights([to], 0.2)];
    return model.op('ConvTranspose', [input, ...weights], { strides: [2, 2], ...attributes });
  };
  const nearest = (input: string, sides: readonly number[], mode: string) =>
    model.op('Resize', [input, '', '', model.integers(sides)], {
      mode: 'nearest',
      nearest_mode: mode === 'asymmetric' ? 'floor' : 'round_prefer_ceil',
      coordinate_transformation_mode: mode,
    });
  const low = model.op('Relu', [model.conv('image', 3, 8, 3, { strides: [4, 4] })]);
  const plain = model.op('Relu', [turned(low, 8, 4, 2, {})]);
  const padded = turned(low, 8, 4, 3, { pads: [1, 1, 1, 1], output_padding: [1, 1] });
  const same = turned(low, 8, 4, 4, { pads: [1, 1, 1, 1] });
  const limits = [model.floats([], [0]), model.floats([], [6])];
  const valid = model.op('Clip', [turned(low, 8, 4, 3, { pads: [0, 0, 1, 1] }), ...limits]);
  const around = model.op('Pad', [nearest(low, [1, 8, 8, 8], 'asymmetric'), model.integers([0, 0, 1, 0, 0, 0, 0, 1])]);
  const largest = model.op('MaxPool', [around], { kernel_shape: [2, 2] });
  const joined = model.op('Concat', [plain, padded, same, valid, largest], { axis: 1 });
  const odd = nearest(nearest(model.conv(joined, 24, 8), [1, 8, 13, 11], 'asymmetric'), [1, 8, 5, 7], 'half_pixel');
  const vector = model.op('Flatten', [odd]);
  return model.finish(model.op('Gemm', [vector, model.weights([280, 5], 0.3), model.weights([5], 0.1)]));
}
