import { z } from 'zod';
import { manifestSchema } from '../../core/recipe.ts';
import { calibrationSchema } from '../calibration.ts';
import { stationSchema } from '../station.ts';
import type { SchemaName } from './names.ts';
import { calibrationTexts, recipeTexts } from './other-texts.ts';
import { stationTexts } from './station-texts.ts';
import { type Texts, textFor } from './texts.ts';

type Node = z.core.JSONSchema.BaseSchema;

const dialect = 'https://json-schema.org/draft/2020-12/schema';

interface Source {
  readonly schema: z.ZodType;
  readonly title: string;
  readonly description: string;
  readonly texts: Texts;
}

const sources: Readonly<Record<SchemaName, Source>> = {
  station: {
    schema: stationSchema,
    title: 'station.yaml of Linegate',
    description: 'What an inspection station is made of. What goes beyond single fields "linegate config check" tells.',
    texts: stationTexts,
  },
  calibration: {
    schema: calibrationSchema,
    title: 'calibration.yaml of Linegate',
    description: 'What was measured at one station: where the gate is and how it moves. Never set from afar.',
    texts: calibrationTexts,
  },
  recipe: {
    schema: manifestSchema,
    title: 'manifest.json of a recipe of Linegate',
    description: 'A model with all that decides how its scores become a verdict, versioned as one thing.',
    texts: recipeTexts,
  },
};

/** The JSON Schema (draft 2020-12) of what a person may write, with a title and a description at every field. */
export function jsonSchema(name: SchemaName): Node {
  const { schema, title, description, texts } = sources[name];
  const { $schema: _same, ...rest } = z.toJSONSchema(schema, { io: 'input', reused: 'inline' });
  return { $schema: dialect, title, description, ...describe(rest, [], texts) };
}

/** The texts that say what the fields of a document are for. */
export function textsOf(name: SchemaName): Texts {
  return sources[name].texts;
}

function describe(node: Node, path: readonly string[], texts: Texts): Node {
  const found = path.length === 0 ? null : textFor(texts, path);
  const about = found === null ? {} : { title: titleOf(path), description: found.text };
  return { ...about, ...node, ...inside(node, path, texts) };
}

function inside(node: Node, path: readonly string[], texts: Texts): Node {
  const { properties, items, additionalProperties, oneOf } = node;
  const deeper: Node = {};
  if (properties !== undefined) {
    const entries = Object.entries(properties).map(([key, each]) => [key, field(each, [...path, key], texts)]);
    deeper.properties = Object.fromEntries(entries);
  }
  if (isNode(items)) deeper.items = inner(items, path, texts);
  if (isNode(additionalProperties)) deeper.additionalProperties = inner(additionalProperties, [...path, '*'], texts);
  if (oneOf !== undefined)
    deeper.oneOf = oneOf.map((each) => (isNode(each) ? inner(each, kindOf(each, path), texts) : each));
  return deeper;
}

function field(node: unknown, path: readonly string[], texts: Texts): Node {
  return isNode(node) ? describe(node, path, texts) : {};
}

/** What is not a field by itself has no title. */
function inner(node: Node, path: readonly string[], texts: Texts): Node {
  return { ...node, ...inside(node, path, texts) };
}

function kindOf(option: Node, path: readonly string[]): string[] {
  const kind = option.properties?.['kind'];
  const name = isNode(kind) ? kind.const : undefined;
  return name === undefined ? [...path] : [...path.slice(0, -1), `${path.at(-1)}(${String(name)})`];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `shutterUs` becomes `Shutter (µs)`. */
function titleOf(path: readonly string[]): string {
  const units: Readonly<Record<string, string>> = { Ms: ' (ms)', Us: ' (µs)', Px: ' (px)', Bytes: ' (bytes)' };
  const words = (path.at(-1) ?? '').replace(/(Ms|Us|Px|Bytes)$/, (unit) => units[unit] ?? unit);
  const spaced = words.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return `${spaced.charAt(0).toUpperCase()}${spaced.slice(1)}`;
}
