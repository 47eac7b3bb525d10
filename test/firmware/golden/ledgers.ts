import {
  closeSession,
  emptyHead,
  enter,
  type Head,
  openSession,
  type PreviousSession,
} from '../../../agent/core/ledger/head.ts';
import { canonicalJson, type Entry, type LedgerRow } from '../../../agent/core/ledger/row.ts';
import { wireRow } from '../../../agent/core/sync/batch.ts';
import { bits, line, Noise } from './text.ts';

const epoch = '0b9bd7f6-7c2f-4a34-9a0e-5f8d1c2b3a49';
/** kSpareParts of core/ledger.h. */
const SPARE = 64;

interface Teller {
  readonly noise: Noise;
  readonly lines: string[];
  head: Head;
  before: PreviousSession | null;
  next: number;
  nowNs: number;
}

/** The life of a store: boots, entries and ends, each with the rows that the agent writes for it. */
export function ledgerLines(): string[] {
  const teller: Teller = {
    noise: new Noise(6),
    lines: [line('epoch', epoch)],
    head: emptyHead(epoch),
    before: null,
    next: 1,
    nowNs: 0,
  };
  for (let boot = 1; boot <= 12; boot++) tellBoot(teller, boot);
  return teller.lines;
}

function tellBoot(teller: Teller, boot: number): void {
  const { noise, lines } = teller;
  teller.nowNs = noise.below(5_000_000);
  const at = moment(teller);
  const bootId = `boot-${boot}`;
  lines.push(line('boot', bootId, teller.nowNs, at.wallMs));
  const opened = openSession(teller.head, teller.before, bootId, at, SPARE);
  take(teller, opened.head, opened.rows);
  lines.push(line('first', opened.firstPart));
  teller.next = opened.firstPart;
  for (let i = 0; i < 12; i++) tellEntry(teller);
  const closed = noise.below(3) === 0;
  if (closed) {
    const end = moment(teller);
    lines.push(line('close', teller.nowNs, end.wallMs));
    const turn = closeSession(teller.head, end);
    take(teller, turn.head, turn.rows);
  }
  const lastWallMs = Number(teller.lines.findLast((each) => each.startsWith('wall\t'))?.split('\t')[1]);
  teller.before = { bootId, closed, lastWallMs };
}

function tellEntry(teller: Teller): void {
  const { noise, head } = teller;
  const { wallMs } = moment(teller);
  const monoMs = teller.nowNs / 1e6;
  const entry: Entry =
    noise.below(4) === 0
      ? { ...plain('event', 'ready'), monoMs, wallMs, payload: canonicalJson({ on: noise.below(2) === 0, why: [] }) }
      : {
          ...plain('part', noise.pick(['pass', 'reject', 'review', 'no-verdict'])),
          monoMs,
          wallMs,
          part: partNumber(teller),
          score: noise.below(257) / 256,
          recipe: 'machined-ring@1',
          payload: canonicalJson({ action: 'pass', atMs: noise.below(100_000) / 1e3, label: 'normal', scores: [1, 0] }),
        };
  const { kind, part, outcome, score, recipe, payload } = entry;
  teller.lines.push(
    line('entry', kind, bits(monoMs), bits(wallMs), part ?? 0, outcome, bits(score ?? -1), recipe ?? '', payload),
  );
  const entered = enter(head, entry, SPARE);
  take(teller, entered?.head ?? head, entered === null ? [] : [entered.row]);
}

/** Mostly the next; sometimes one is left out, or told again. */
function partNumber(teller: Teller): number {
  const turn = teller.noise.below(8);
  if (turn === 0 && teller.next > 1) return teller.next - 1;
  teller.next += turn === 1 ? 2 : 1;
  return teller.next - 1;
}

function plain(kind: 'part' | 'event', outcome: string): Entry {
  return { kind, monoMs: 0, wallMs: 0, part: null, outcome, score: null, recipe: null, payload: '{}' };
}

function moment(teller: Teller): { monoMs: number; wallMs: number } {
  teller.nowNs += 1000 * teller.noise.below(3_000_000);
  const monoMs = teller.nowNs / 1e6;
  return { monoMs, wallMs: 1_790_000_000_000 + Math.round(monoMs) };
}

function take(teller: Teller, head: Head, rows: readonly LedgerRow[]): void {
  teller.head = head;
  for (const row of rows) teller.lines.push(line('row', canonicalJson(wireRow(row))), line('wall', row.wallMs));
  teller.lines.push(line('end'));
}
