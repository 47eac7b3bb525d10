import type { OnnxNode } from '../onnx/graph.ts';
import type { Constant } from '../onnx/tensors.ts';
import { type Lowering, outputOf, refuse } from './lowering.ts';

/** Operators whose activation a quantiser leaves to the edges of the integers behind them. */
const MAY_HAVE_LOST_ITS_ACTIVATION = new Set([
  'conv',
  'depthwise',
  'transpose-conv',
  'fully-connected',
  'add',
  'affine',
]);
/** A range that ends as near to 6 as this is that of a Relu6. */
const NEAR_SIX = 0.01;

/** QuantizeLinear of a value: nothing is computed, but its scale is kept, and the activation that its range stands for. */
export function readQuantize(lowering: Lowering, node: OnnxNode): void {
  const { value, ...binding } = lowering.input(node, 0);
  const wanted = scaleOf(lowering, node);
  const producer = lowering.producer(value);
  // Pixels are integers already; their scale is the recipe's.
  if (producer === undefined) {
    lowering.bind(node, { value, ...binding });
    return;
  }
  const known = lowering.given(value);
  const same = known?.scale === wanted.scale && known.zeroPoint === wanted.zeroPoint;
  const cuts = wanted.zeroPoint === 0 && MAY_HAVE_LOST_ITS_ACTIVATION.has(producer.op) && known === undefined;
  if (same || (known === undefined && !cuts)) {
    lowering.give(value, wanted);
    lowering.bind(node, { value, ...binding });
    return;
  }
  const six = Math.abs(255 * wanted.scale - 6) < NEAR_SIX;
  const activation = cuts ? (six ? 'relu6' : 'relu') : 'none';
  const output = outputOf(node);
  lowering.append(node, { op: 'activation', name: node.name, inputs: [value], output, activation }, binding);
  lowering.give(output, wanted);
}

/** DequantizeLinear of a value: nothing is left to do. */
export function readDequantize(lowering: Lowering, node: OnnxNode): void {
  lowering.bind(node, lowering.input(node, 0));
}

/** The node's scale with its zero point as uint8 has it. */
function scaleOf(lowering: Lowering, node: OnnxNode): { readonly scale: number; readonly zeroPoint: number } {
  const { data } = lowering.weights(node, 1);
  const [scale = 0] = data;
  if (data.length !== 1 || !(scale > 0)) refuse(node, 'a value needs one scale above zero');
  const zero = lowering.constant(node, 2);
  if (zero !== undefined && zero.kind !== 'byte') refuse(node, 'only int8 and uint8 are possible');
  return { scale, zeroPoint: zeroOf(zero) };
}

function zeroOf(zero: Constant | undefined): number {
  const stored = zero?.data[0] ?? 0;
  return zero?.data instanceof Int8Array ? stored + 128 : stored;
}
