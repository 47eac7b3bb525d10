import { type Document, isAlias, isCollection, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import { messageOf } from '../../core/errors.ts';

/** Where in a file, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type Path = readonly PropertyKey[];

/** A YAML file that was read. */
export interface YamlFile {
  readonly value: unknown;
  /** Where a field stands; where it is missing, where the one that lacks it stands. `key`: its name, not its value. */
  position(path: Path, part?: 'key' | 'value'): Position;
}

export type ParsedYaml =
  | { readonly kind: 'read'; readonly file: YamlFile }
  | { readonly kind: 'broken'; readonly faults: readonly { readonly position: Position; readonly what: string }[] };

const mostAliases = 50;

/** Reads YAML, and all that is wrong with it as YAML. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { strict: true, uniqueKeys: true, logLevel: 'error', lineCounter: lines });
  if (document.errors.length > 0) {
    const faults = document.errors.map((fault) => ({
      position: at(lines, fault.pos[0]),
      what: fault.code === 'MULTIPLE_DOCS' ? 'it holds several documents, keep one' : reasonOf(fault.message),
    }));
    return { kind: 'broken', faults };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    const position: YamlFile['position'] = (path, part = 'value') => at(lines, offsetOf(document, path, part));
    return { kind: 'read', file: { value, position } };
  } catch (error) {
    return { kind: 'broken', faults: [{ position: { line: 1, column: 1 }, what: messageOf(error) }] };
  }
}

/** The library's message without the place and the lines that it quotes. */
function reasonOf(message: string): string {
  const [reason = message] = message.split(/ at line |\n/);
  return reason.replace(/[:.]$/, '');
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function offsetOf(document: Document.Parsed, path: Path, part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const inside = isAlias(node) ? node.resolve(document) : node;
    const { key, value } = childOf(inside, step);
    if (key === undefined && value === undefined) return offset;
    const wantsKey = (part === 'key' && depth === path.length - 1) || isCollection(value);
    offset = (wantsKey ? startOf(key) : undefined) ?? startOf(value) ?? startOf(key) ?? offset;
    node = value;
  }
  return offset;
}

/** What stands under a key or a number of a collection. */
function childOf(node: unknown, step: PropertyKey): { readonly key?: unknown; readonly value?: unknown } {
  if (isMap(node)) {
    const pair = node.items.find((each) => isPair(each) && String(each.key) === String(step));
    return pair === undefined ? {} : { key: pair.key, value: pair.value };
  }
  return isCollection(node) ? { value: node.items[Number(step)] } : {};
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
