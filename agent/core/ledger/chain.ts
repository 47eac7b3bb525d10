import { hash } from 'node:crypto';
import { canonicalJson, type LedgerRow } from './row.ts';

/** What the chain of a database hangs on: rows of another database do not fit. */
export function genesis(epoch: string): string {
  return hash('sha256', `linegate ledger ${epoch}`);
}

/** The hash of a row that follows one with hash `previous`: SHA-256 over that hash, as hex, and the row's line of JSON. */
export function chainHash(previous: string, row: Omit<LedgerRow, 'hash'>): string {
  return hash('sha256', previous + canonicalText(row));
}

/** The row as one line of JSON: the same row always gives the same text. */
function canonicalText(row: Omit<LedgerRow, 'hash'>): string {
  const { seq, session, kind, monoMs, wallMs, part, outcome, score, recipe, payload } = row;
  const fields = canonicalJson([seq, session, kind, monoMs, wallMs, part, outcome, score, recipe]);
  return `${fields.slice(0, -1)},${payload}]`;
}
