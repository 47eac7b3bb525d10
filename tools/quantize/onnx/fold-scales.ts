import { integerAttribute } from './attributes.ts';
import type { OnnxNode } from './graph.ts';
import type { ByteConstant, Constant, FloatConstant } from './tensors.ts';

/** Which scale is whose: one for all, or one for every place along an axis. */
interface Scales {
  readonly scales: Float32Array;
  readonly zeroPoints: ArrayLike<number>;
  /** The place in both of the element at `i`. */
  readonly placeOf: (i: number) => number;
}

/** DequantizeLinear of stored integers; undefined for what is not of its form. */
export function dequantised(node: OnnxNode, inputs: readonly Constant[]): FloatConstant | undefined {
  const [stored] = inputs;
  const found = scalesOf(node, inputs);
  if (found === undefined || stored === undefined || stored.kind === 'float') return undefined;
  const { scales, zeroPoints, placeOf } = found;
  const data = Float32Array.from(stored.data, (number, i) => {
    const place = placeOf(i);
    return (number - (zeroPoints[place] ?? 0)) * (scales[place] ?? 1);
  });
  const aboutZero = Array.from(zeroPoints).every((zero) => zero === 0) && stored.kind === 'byte';
  return { kind: 'float', shape: stored.shape, data, ...(aboutZero && { scales }) };
}

/** QuantizeLinear of stored numbers, halves to even; undefined for what is not of its form. */
export function quantised(node: OnnxNode, inputs: readonly Constant[]): ByteConstant | undefined {
  const [real, , zero] = inputs;
  const found = scalesOf(node, inputs);
  if (found === undefined || real?.kind !== 'float' || (zero !== undefined && zero.kind !== 'byte')) return undefined;
  const { scales, zeroPoints, placeOf } = found;
  const signed = zero?.data instanceof Int8Array;
  const [low, high] = signed ? [-128, 127] : [0, 255];
  const numbers = real.data.map((number, i) => {
    const place = placeOf(i);
    const rounded = toEven(number / (scales[place] ?? 1)) + (zeroPoints[place] ?? 0);
    return Math.max(low, Math.min(high, rounded));
  });
  return { kind: 'byte', shape: real.shape, data: signed ? Int8Array.from(numbers) : Uint8Array.from(numbers) };
}

function toEven(number: number): number {
  const below = Math.floor(number);
  const rest = number - below;
  if (rest !== 0.5) return Math.round(number);
  return below % 2 === 0 ? below : below + 1;
}

function scalesOf(node: OnnxNode, [data, scale, zero]: readonly Constant[]): Scales | undefined {
  if (data === undefined || scale?.kind !== 'float' || integerAttribute(node, 'block_size', 0) !== 0) return undefined;
  const count = scale.data.length;
  const zeroPoints = zero?.data ?? new Uint8Array(count);
  if (!scale.data.every((one) => one > 0) || zeroPoints.length !== count || zero?.kind === 'float') return undefined;
  const common = { scales: scale.data, zeroPoints };
  if (count === 1) return { ...common, placeOf: () => 0 };
  const given = integerAttribute(node, 'axis', 1);
  const axis = given < 0 ? given + data.shape.length : given;
  const inner = data.shape.slice(axis + 1).reduce((all, side) => all * side, 1);
  return data.shape[axis] === count ? { ...common, placeOf: (i) => Math.floor(i / inner) % count } : undefined;
}
