import type { WireAttribute, WireNode } from './schema.ts';

/** An attribute to write, typed by its value: a list or a single whole number. */
function attributeOf(name: string, value: number | readonly number[]): WireAttribute {
  return typeof value === 'number' ? { name, type: 2, i: value } : { name, type: 7, ints: value };
}

/** A node to write; attributes are whole numbers or lists of them, which is all that is needed here. */
export function wireNode(
  opType: string,
  name: string,
  input: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
): WireNode {
  const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
  return { opType, name, input, output: [output], attribute };
}
