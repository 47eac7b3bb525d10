import type { LedgerRow } from '../ledger/row.ts';
import { canonicalJson } from '../ledger/row.ts';
import { batchText, lastOf, wireRow } from './batch.ts';
import type { WireItem, WireSpan } from './protocol.ts';
import { limits } from './wire.ts';

/** Which part rows travel one by one. Rows that tell of something else always do. */
export type PartsPolicy = 'all' | 'rejects' | 'none';

/** One batch of what was read. */
export interface CutBatch {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Cuts a batch from the beginning of what was read: what begins after `to`, or does not fit, is left for the next one. What
 * the policy leaves out becomes spans. Null when nothing is left.
 */
export function cutBatch(
  epoch: string,
  page: { readonly prev: string; readonly items: readonly (LedgerRow | WireSpan)[] },
  policy: PartsPolicy,
  to: number,
): CutBatch | null {
  const chosen = page.items.filter(({ seq }) => seq <= to);
  const [first, ...others] = fitting(merged(chosen, policy));
  if (first === undefined) return null;
  const text = batchText(epoch, page.prev, [first, ...others]);
  return { from: first.seq, to: lastOf(others.at(-1) ?? first), text };
}

function merged(items: readonly (LedgerRow | WireSpan)[], policy: PartsPolicy): WireItem[] {
  const all: WireItem[] = [];
  for (const item of items) {
    const travels = isSpan(item) ? item : travelling(item, policy);
    const before = all.at(-1);
    if (travels.kind === 'skip' && before?.kind === 'skip') all[all.length - 1] = joined(before, travels);
    else all.push(travels);
  }
  return all;
}

function travelling(row: LedgerRow, policy: PartsPolicy): WireItem {
  const { kind, seq, outcome, hash } = row;
  const goes = kind !== 'part' || policy === 'all' || (policy === 'rejects' && outcome !== 'pass');
  return goes ? wireRow(row) : { kind: 'skip', seq, to: seq, counts: { [outcome]: 1 }, hash };
}

function joined(before: WireItem, after: WireItem): WireItem {
  if (!isSpan(before) || !isSpan(after)) return after;
  const counts = { ...before.counts };
  for (const [key, count] of Object.entries(after.counts)) counts[key] = (counts[key] ?? 0) + count;
  return { kind: 'skip', seq: before.seq, to: after.to, counts, hash: after.hash };
}

function isSpan(item: LedgerRow | WireItem): item is WireSpan {
  return 'to' in item;
}

/** The most that a batch may hold; one item at least. */
function fitting(items: readonly WireItem[]): readonly WireItem[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(canonicalJson(item)) + 1;
    return index > 0 && (index >= limits.rows || bytes > limits.batchBytes - 1000);
  });
  return end < 0 ? items : items.slice(0, end);
}
