import { readFileSync, statSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { type ErrorCode, LinegateError, messageOf } from '../core/errors.ts';
import { schemaError } from './faults.ts';

/** Configuration files are small; anything larger is a mistake or an attack. */
const maxFileBytes = 1_000_000;

/** The text of a small file. Throws a LinegateError with `code` that says which file and why. */
export function readSmallFile(file: string, what: string, code: ErrorCode): string {
  try {
    const { size } = statSync(file);
    if (size > maxFileBytes) {
      throw new LinegateError(code, `${what} ${file} has ${size} bytes; at most ${maxFileBytes} are accepted.`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof LinegateError) throw error;
    throw new LinegateError(code, `${what} ${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** Reads YAML or JSON and checks it. All faults are told in one sentence. The result is frozen. */
export function readDocument<T extends z.ZodType>(file: string, what: string, schema: T, code: ErrorCode): z.infer<T> {
  return checkDocument(parse(readSmallFile(file, what, code), file, what, code), file, schema, code);
}

/** Checks a document that was already parsed. */
export function checkDocument<T extends z.ZodType>(
  document: unknown,
  source: string,
  schema: T,
  code: ErrorCode,
): z.infer<T> {
  const result = schema.safeParse(document);
  if (!result.success) throw schemaError(code, source, result.error, document);
  return deepFreeze(result.data);
}

function parse(text: string, file: string, what: string, code: ErrorCode): unknown {
  return (file.endsWith('.json') ? parseJson(text) : undefined) ?? parseYaml(text, file, what, code);
}

/** What other programs wrote, and quickly; undefined where it is none, of which YAML's parser has more to say. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseYaml(text: string, file: string, what: string, code: ErrorCode): unknown {
  try {
    const document = parseDocument(text, { strict: true, uniqueKeys: true, logLevel: 'error' });
    const [fault] = document.errors;
    if (fault === undefined) return document.toJS({ maxAliasCount: 50 });
    const several = fault.code === 'MULTIPLE_DOCS';
    const reason = several ? 'it holds several documents, keep one' : messageOf(fault).split(/ at line |:$/)[0];
    const line = fault.linePos?.[0].line;
    throw new LinegateError(
      code,
      `${what} ${file} is not valid${line === undefined ? '' : ` on line ${line}`}: ${reason}.`,
    );
  } catch (error) {
    if (error instanceof LinegateError) throw error;
    throw new LinegateError(code, `${what} ${file} is not valid: ${messageOf(error)}.`, { cause: error });
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
