import type { Answers, Field } from './steps.ts';

/** Figures that are typed one after the other. */
export interface Entry {
  readonly fields: readonly Field[];
  readonly at: number;
  readonly typed: string;
  readonly answers: Answers;
  readonly fault?: string;
}

export type Entered =
  | { readonly kind: 'open'; readonly entry: Entry }
  | { readonly kind: 'done'; readonly answers: Answers };

export function startEntry(fields: readonly Field[]): Entry {
  return { fields, at: 0, typed: '', answers: {} };
}

/** One key of a figure: digits, a point or a minus, backspace, enter. All others do nothing. */
export function enterKey(entry: Entry, key: string): Entered {
  const { fault: _told, ...rest } = entry;
  if (key === 'enter') return enter(rest);
  const typed = key === 'backspace' ? entry.typed.slice(0, -1) : entry.typed + (/^[-\d.]$/.test(key) ? key : '');
  return { kind: 'open', entry: { ...rest, typed: typed.slice(0, 12) } };
}

function enter(entry: Entry): Entered {
  const { fields, at, typed } = entry;
  const field = fields[at];
  if (field === undefined) return { kind: 'done', answers: entry.answers };
  const fault = faultOf(field, typed);
  if (fault !== undefined) return { kind: 'open', entry: { ...entry, typed: '', fault } };
  const answers = typed === '' ? entry.answers : { ...entry.answers, [field.name]: Number(typed) };
  if (at + 1 === fields.length) return { kind: 'done', answers };
  return { kind: 'open', entry: { fields, at: at + 1, typed: '', answers } };
}

function faultOf({ optional, min, max }: Field, typed: string): string | undefined {
  if (typed === '') return optional ? undefined : 'This figure is needed.';
  const value = Number(typed);
  return value >= min && value <= max ? undefined : `Give a figure from ${min} to ${max}.`;
}
