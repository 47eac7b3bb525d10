/** A document with one thing wrong. */
export interface Mutation {
  readonly name: string;
  /** Where, for example `line.parts`. */
  readonly path: string;
  readonly document: unknown;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Values that fit no field of the other type. */
const strangers: readonly Json[] = [null, [], {}, 'x'.repeat(5000), -1e308, 1e308, true, '\u0000../../etc'];

/**
 * Every field of `document`, at any depth, taken away, replaced by values of the wrong type, negative, fractional and huge,
 * and every object with a field that nobody knows.
 */
export function* mutations(document: Json, path: readonly string[] = []): Generator<Mutation> {
  if (typeof document !== 'object' || document === null) return;
  const entries = Array.isArray(document) ? [...document.entries()] : Object.entries(document);
  for (const [key, value] of entries) {
    const here = [...path, String(key)];
    const name = here.join('.');
    yield { name: `${name} missing`, path: name, document: without(document, key) };
    for (const stranger of strangersTo(value)) {
      yield { name: `${name} = ${shown(stranger)}`, path: name, document: replaced(document, key, stranger) };
    }
    for (const inner of mutations(value as Json, here)) {
      yield { ...inner, document: replaced(document, key, inner.document as Json) };
    }
  }
  if (Array.isArray(document)) return;
  const name = [...path, 'nobodyKnowsThis'].join('.');
  yield { name: `${name} added`, path: name, document: { ...document, nobodyKnowsThis: 1 } };
}

/** Texts and numbers are strange to fields of their own type as well, being huge or hostile. */
function strangersTo(value: Json): readonly Json[] {
  return strangers.filter((s) => typeof s === 'string' || typeof s === 'number' || typeOf(s) !== typeOf(value));
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function shown(value: Json): string {
  return JSON.stringify(value).slice(0, 20);
}

function without(document: Json, key: string | number): Json {
  if (Array.isArray(document)) return document.filter((_, index) => index !== key);
  const { [key]: _gone, ...rest } = document as Record<string, Json>;
  return rest;
}

function replaced(document: Json, key: string | number, value: Json): Json {
  if (Array.isArray(document)) return document.map((old: Json, index) => (index === key ? value : old));
  return { ...(document as Record<string, Json>), [key]: value };
}
