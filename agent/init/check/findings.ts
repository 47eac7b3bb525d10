import type { z } from 'zod';
import { describeIssue } from '../../config/faults.ts';
import type { Path, Position, YamlFile } from './yaml.ts';

/** Something about a configuration file. A `fault` keeps the station from running; a `warning` does not. */
export interface Finding extends Position {
  readonly level: 'fault' | 'warning';
  readonly file: string;
  /** The field, as `line.outputs.gate`; empty for the whole file. */
  readonly field: string;
  /** One sentence. */
  readonly sentence: string;
}

/** Collects what is found in one file; of one field and one kind of finding the first is kept. */
export class Findings {
  readonly #name: string;
  readonly #file: YamlFile;
  readonly #found = new Map<string, Finding>();

  constructor(name: string, file: YamlFile) {
    this.#name = name;
    this.#file = file;
  }

  fault(path: Path, sentence: string): void {
    this.#add('fault', path, sentence, 'value');
  }

  warning(path: Path, sentence: string): void {
    this.#add('warning', path, sentence, 'value');
  }

  /** What a schema finds wrong. */
  issues(error: z.ZodError): void {
    for (const issue of error.issues) {
      if (issue.code !== 'unrecognized_keys') {
        this.#add('fault', issue.path, `${describeIssue(issue, this.#file.value)}.`, 'value');
        continue;
      }
      for (const key of issue.keys) {
        const sentence = `${describeIssue({ ...issue, keys: [key] }, this.#file.value)}.`;
        this.#add('fault', [...issue.path, key], sentence, 'key');
      }
    }
  }

  /** All of them, in the order in which they stand in the file. */
  sorted(): Finding[] {
    return [...this.#found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #add(level: Finding['level'], path: Path, sentence: string, part: 'key' | 'value'): void {
    const field = path.map(String).join('.');
    const key = `${level} ${field}`;
    if (this.#found.has(key)) return;
    this.#found.set(key, { level, file: this.#name, ...this.#file.position(path, part), field, sentence });
  }
}

/** The findings of a file that is no YAML. */
export function broken(
  file: string,
  faults: readonly { readonly position: Position; readonly what: string }[],
): Finding[] {
  return faults.map(({ position, what }) => ({
    level: 'fault',
    file,
    ...position,
    field: '',
    sentence: `This is not valid YAML: ${what}.`,
  }));
}

/** What stands at a path of a document, if it is text. */
export function textAt(document: unknown, ...path: readonly string[]): string | undefined {
  const value = valueAt(document, ...path);
  return typeof value === 'string' ? value : undefined;
}

/** What stands at a path of a document that nobody has checked. */
export function valueAt(document: unknown, ...path: readonly string[]): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
