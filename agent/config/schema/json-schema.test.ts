import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { jsonSchema, textsOf } from './json-schema.ts';
import { schemaNames } from './names.ts';
import { textFor } from './texts.ts';

interface Field {
  readonly path: string[];
  readonly described: boolean;
}

/** Every field of a JSON Schema, with its kinds, found without the code under test. */
function fieldsOf(node: unknown, path: string[] = []): Field[] {
  if (typeof node !== 'object' || node === null) return [];
  const {
    properties = {},
    oneOf = [],
    items,
    additionalProperties,
  } = node as Record<string, Record<string, object>> & {
    oneOf?: Record<string, Record<string, { const?: string }>>[];
  };
  const own = Object.entries(properties).flatMap(([key, each]) => {
    const at = [...path, key];
    const described = 'description' in each && 'title' in each;
    return [{ path: at, described }, ...fieldsOf(each, at)];
  });
  const options = oneOf.flatMap((each) => {
    const kind = each['properties']?.['kind']?.const;
    return fieldsOf(each, kind === undefined ? path : [...path.slice(0, -1), `${path.at(-1)}(${kind})`]);
  });
  return [...own, ...options, ...fieldsOf(items, path), ...fieldsOf(additionalProperties, [...path, '*'])];
}

for (const name of schemaNames) {
  test(`JSON Schema of ${name}: every field has a title and a description, and no text is left over`, () => {
    const fields = fieldsOf(jsonSchema(name));
    assert.ok(fields.length > 20);
    const bare = fields.filter(({ described }) => !described).map(({ path }) => path.join('.'));
    assert.deepEqual(bare, []);
    const used = new Set(fields.map(({ path }) => textFor(textsOf(name), path)?.key));
    const unused = Object.keys(textsOf(name)).filter((key) => !used.has(key));
    assert.deepEqual(unused, []);
  });

  test(`JSON Schema of ${name}: what is committed is what the code says`, () => {
    const file = new URL(`../../../docs/schema/${name}.json`, import.meta.url);
    const committed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual(committed, jsonSchema(name), 'run node tools/build/schemas.ts and commit docs/schema');
  });
}

test('JSON Schema: unknown fields are refused, fields with defaults are not asked for, units stand in titles', () => {
  const station = jsonSchema('station');
  assert.equal(station.additionalProperties, false);
  assert.deepEqual(station.required, ['schemaVersion', 'station', 'recipe', 'stateFolder', 'line', 'camera']);
  const { storage, recipe } = station.properties ?? {};
  assert.match(JSON.stringify(storage), /"title":"Drop pictures at"/);
  assert.match(JSON.stringify(recipe), /linegate recipe list/);
  assert.match(JSON.stringify(station), /"title":"Shutter \(µs\)"/);
});

test('Texts: the kind of the nearest choice counts before any kind, the longer end before the shorter', () => {
  const texts = { 'a(x).b': 'of x', 'a.b': 'of any', b: 'of all', 'c.a(x).b': 'below c' };
  const text = (path: string[]): string | undefined => textFor(texts, path)?.text;
  assert.deepEqual(
    [text(['a(x)', 'b']), text(['a(y)', 'b']), text(['z', 'b']), text(['c', 'a(x)', 'b']), text(['d'])],
    ['of x', 'of any', 'of all', 'below c', undefined],
  );
});
