import { LinegateError } from '../../../agent/core/errors.ts';
import type { OnnxNode } from './graph.ts';

/** A whole-number attribute of `node`, or `absent`. Throws LinegateError 'bad-model' for another type. */
export function integerAttribute(node: OnnxNode, name: string, absent: number): number {
  const value = node.attributes.get(name) ?? absent;
  return typeof value === 'number' && Number.isInteger(value) ? value : wrongType(node, name, 'a whole number');
}

/** A number attribute of `node`, or `absent`. Throws LinegateError 'bad-model' for another type. */
export function floatAttribute(node: OnnxNode, name: string, absent: number): number {
  const value = node.attributes.get(name) ?? absent;
  return typeof value === 'number' && Number.isFinite(value) ? value : wrongType(node, name, 'a number');
}

/** A text attribute of `node`, or `absent`. Throws LinegateError 'bad-model' for another type. */
export function textAttribute(node: OnnxNode, name: string, absent: string): string {
  const value = node.attributes.get(name) ?? absent;
  return typeof value === 'string' ? value : wrongType(node, name, 'a text');
}

/** A list of whole numbers of `node`, or `absent`. Throws LinegateError 'bad-model' for another type or length. */
export function integersAttribute(node: OnnxNode, name: string, absent: readonly number[]): readonly number[] {
  const value = node.attributes.get(name) ?? absent;
  return Array.isArray(value) && value.every(Number.isInteger)
    ? value
    : wrongType(node, name, 'a list of whole numbers');
}

function wrongType(node: OnnxNode, name: string, expected: string): never {
  throw new LinegateError(
    'bad-model',
    `Node "${node.name}" (${node.opType}): attribute "${name}" is not ${expected}; export the model again.`,
  );
}
