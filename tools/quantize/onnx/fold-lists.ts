import { integerAttribute, integersAttribute } from './attributes.ts';
import type { OnnxNode } from './graph.ts';
import { transposed } from './reorder.ts';
import { type Constant, elementCount, type IntegerConstant } from './tensors.ts';

/** A list of whole numbers. */
export function listOf(data: readonly number[]): IntegerConstant {
  return { kind: 'integer', shape: [data.length], data };
}

/** Of a list of sizes, those at `places`; undefined for other forms of Gather. */
export function gathered(node: OnnxNode, [list, places]: readonly Constant[]): IntegerConstant | undefined {
  if (list?.kind !== 'integer' || places?.kind !== 'integer') return undefined;
  if (integerAttribute(node, 'axis', 0) !== 0 || list.shape.length !== 1) return undefined;
  const found = places.data.map((place) => list.data[place < 0 ? place + list.data.length : place]);
  // A shape without sides is a single place and takes the axis away.
  return found.every((one) => one !== undefined) ? { kind: 'integer', shape: places.shape, data: found } : undefined;
}

/** Slice of whole numbers along one axis, forwards or backwards; undefined for other forms. */
export function sliced(node: OnnxNode, [data, ...limits]: readonly Constant[]): IntegerConstant | undefined {
  const numbers = ['starts', 'ends', 'axes', 'steps'].map((name, i) => {
    const given = limits[i];
    return given === undefined ? integersAttribute(node, name, []) : given.kind === 'integer' ? given.data : [];
  });
  const [[start] = [], [end] = [], [axis = 0] = [], [step = 1] = []] = numbers;
  if (data?.kind !== 'integer' || numbers.some((list) => list.length > 1)) return undefined;
  const side = data.shape[axis];
  if (start === undefined || end === undefined || side === undefined || Math.abs(step) !== 1) return undefined;
  const places = placesOf(side, start, end, step);
  const inner = data.shape.slice(axis + 1).reduce((all, one) => all * one, 1);
  const outer = data.shape.slice(0, axis).reduce((all, one) => all * one, 1);
  const picked = Array.from({ length: outer }, (_, o) =>
    places.flatMap((place) => data.data.slice((o * side + place) * inner, (o * side + place + 1) * inner)),
  );
  return { kind: 'integer', shape: data.shape.with(axis, places.length), data: picked.flat() };
}

/** From `start` to before `end`; both count from the end where they are below zero, and may lie outside. */
function placesOf(side: number, start: number, end: number, step: number): number[] {
  const within = (place: number) => (place < 0 ? place + side : place);
  const all = Array.from({ length: side }, (_, place) => place);
  if (step > 0) return all.slice(Math.max(0, within(start)), Math.max(0, within(end)));
  return all.filter((place) => place <= within(start) && place > within(end)).reverse();
}

/** Numbers that ConstantOfShape may make: for pads and sizes, never a picture. */
const MOST_NUMBERS = 4096;

/** ConstantOfShape: one number, again and again; undefined for other forms. */
export function constantOfShape(node: OnnxNode, [sides]: readonly Constant[]): Constant | undefined {
  const value = node.attributes.get('value');
  const given = typeof value === 'object' && 'kind' in value ? value : undefined;
  if (sides?.kind !== 'integer') return undefined;
  const length = elementCount(sides.data, `The result of node "${node.name}"`);
  if (length > MOST_NUMBERS || (value !== undefined && given === undefined)) return undefined;
  const shape = [...sides.data];
  const [number = 0] = given?.data ?? [];
  if (given?.kind === 'integer') return { kind: 'integer', shape, data: new Array<number>(length).fill(number) };
  return { kind: 'float', shape, data: new Float32Array(length).fill(number) };
}

/** A table of whole numbers with its axes in another order. */
export function turned({ data, shape }: IntegerConstant, perm: readonly number[]): IntegerConstant {
  // Sizes are far below what a float holds exactly; only places are moved here.
  const places = transposed(Float32Array.from(data.keys()), shape, perm);
  return { kind: 'integer', shape: places.shape, data: Array.from(places.data, (place) => data[place] ?? 0) };
}
