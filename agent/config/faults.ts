import type { z } from 'zod';
import { type ErrorCode, LinegateError } from '../core/errors.ts';

/**
 * The error for a document that does not fit its schema: one sentence that names every faulty field, its value and what
 * it must be. `source` names the document, for example `station.yaml`.
 */
export function schemaError(code: ErrorCode, source: string, error: z.ZodError, document: unknown): LinegateError {
  const faults = error.issues.map((issue) => describeIssue(issue, document));
  const shown = faults.slice(0, 8).join('; ');
  const more = faults.length > 8 ? `; and ${faults.length - 8} more` : '';
  return new LinegateError(code, `${source} cannot be used: ${shown}${more}.`);
}

/** One fault without a full stop: the field, its value and what it must be. */
export function describeIssue(issue: z.core.$ZodIssue, document: unknown): string {
  const path = issue.path.map(String).join('.') || 'the document';
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => clip(issue.path.length > 0 ? `${path}.${key}` : key));
    return `${keys.join(', ')} is not a known field, remove it or correct its name`;
  }
  const value = valueAt(document, issue.path);
  const message = `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`.replace(/\.$/, '');
  if (value === undefined) return `${clip(path)} is missing (${message})`;
  return `${clip(path)} is ${clip(shown(value))} (${message})`;
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }
  return value;
}

function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    // YAML can build a document that holds itself.
    return 'a value that holds itself';
  }
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
