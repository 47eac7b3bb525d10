import type { WireAttribute, WireNode } from './schema.ts';

/** An attribute to write, typed by its value: a text, a list or a single whole number. */
function attributeOf(name: string, value: number | readonly number[] | string): WireAttribute {
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  return typeof value === 'number' ? { name, type: 2, i: value } : { name, type: 7, ints: value };
}

/** A node to write; attributes are texts, whole numbers or lists of them, which is all that is needed here. */
export function wireNode(
  opType: string,
  name: string,
  input: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number | readonly number[] | string>> = {},
): WireNode {
  const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
  return { opType, name, input, output: [output], attribute };
}
