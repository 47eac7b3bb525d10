import type { OnnxNode } from './graph.ts';
import type { Constant } from './tensors.ts';

/** Add, Sub, Mul or Div of two constants of one shape, or of one and a single number; undefined for others. */
export function foldArithmetic({ opType }: OnnxNode, left: Constant, right: Constant): Constant | undefined {
  const shape = left.data.length >= right.data.length ? left.shape : right.shape;
  const length = Math.max(left.data.length, right.data.length);
  const fits = [left, right].every((one) => one.shape.join() === shape.join() || one.data.length === 1);
  if (left.kind !== right.kind || !fits) return undefined;
  const at = ({ data }: Constant, i: number) => data[data.length === 1 ? 0 : i] ?? 0;
  const numbers = Array.from({ length }, (_, i) => computed(opType, at(left, i), at(right, i)));
  if (!numbers.every(Number.isFinite)) return undefined;
  if (left.kind === 'float') return { kind: 'float', shape, data: Float32Array.from(numbers) };
  // Whole numbers are divided towards zero.
  return { kind: 'integer', shape, data: numbers.map(Math.trunc) };
}

function computed(opType: string, a: number, b: number): number {
  switch (opType) {
    case 'Add':
      return a + b;
    case 'Sub':
      return a - b;
    case 'Mul':
      return a * b;
    default:
      return a / b;
  }
}
