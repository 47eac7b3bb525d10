import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Audit } from './audit.ts';
import { chainHash } from './chain.ts';
import { type Fold, planFold } from './fold.ts';
import { closeSession, emptyHead, enter, openSession } from './head.ts';
import { fitting, merged } from './page.ts';
import { countOf } from './ranges.ts';
import type { Entry, LedgerRow } from './row.ts';
import { noTotals, totalsAfter } from './totals.ts';

const at = { monoMs: 1, wallMs: 2 };

function partEntry(part: number, outcome: string): Entry {
  return { kind: 'part', ...at, part, outcome, score: null, recipe: null, payload: `{"label":"${outcome}ed"}` };
}

interface Made {
  readonly rows: readonly LedgerRow[];
  readonly folds: readonly Fold[];
  /** How often a fold was planned. */
  readonly plans: number;
  audit(change?: (items: (LedgerRow | Fold)[]) => void): readonly string[];
}

/** A closed ledger of parts with these outcomes and a summary, from which as many passes as wanted were given up. */
function made(outcomes: readonly string[], giveUp: number, ackedSeq = 0): Made {
  const opened = openSession(emptyHead('e'), null, null, at, 9);
  let { head } = opened;
  let rows: LedgerRow[] = [...opened.rows];
  let folds: Fold[] = [];
  const add = (entry: Entry): void => {
    const entered = enter(head, entry, 9);
    assert.ok(entered !== null);
    head = entered.head;
    rows.push(entered.row);
  };
  for (const [index, outcome] of outcomes.entries()) add(partEntry(index + 1, outcome));
  let plans = 0;
  for (let left = giveUp; left > 0; plans++) {
    const plan = planFold(rows.filter(({ outcome }) => outcome === 'pass').slice(0, left), ackedSeq, at);
    if (plan === null) break;
    left -= plan.rows;
    rows = rows.filter(({ seq }) => !plan.folds.some((fold) => fold.seq <= seq && seq <= fold.to));
    folds = [...folds, ...plan.folds].sort((a, b) => a.seq - b.seq);
    add(plan.entry);
  }
  add({ ...partEntry(1, 'minute'), kind: 'summary', part: null, payload: '{}' });
  const closed = closeSession(head, at);
  rows.push(...closed.rows);
  const audit = (change = (_items: (LedgerRow | Fold)[]): void => {}): readonly string[] => {
    const items = [...merged(rows, folds)];
    change(items);
    const auditor = new Audit('e');
    for (const item of items) auditor.take(item);
    return auditor.finish({ ...closed.head, closed: true }).findings;
  };
  return { rows, folds, plans, audit };
}

test('folds: whatever is given up, the audit accepts exactly that, and pages know all rows', () => {
  const outcome = fc.constantFrom('pass', 'pass', 'reject');
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 40 }), fc.nat(40), fc.nat(40), (outcomes, giveUp, ackedSeq) => {
      const { rows, folds, audit } = made(outcomes, giveUp, ackedSeq);
      assert.deepEqual(audit(), []);
      const passes = outcomes.filter((name) => name === 'pass').length;
      const gone = countOf(folds.map(({ seq, to }) => [seq, to]));
      assert.equal(gone, Math.min(giveUp, passes));
      assert.ok(
        folds.every(({ seq, to }) => to <= ackedSeq || seq > ackedSeq),
        'a fold reaches over what is acknowledged',
      );
      const page = fitting(merged(rows, folds), { rows: 1000, bytes: 1e6 });
      assert.equal(page.length, rows.length + folds.length);
      assert.equal(page.at(-1)?.seq, rows.at(-1)?.seq);
    }),
  );
});

test('folds: what is given up without being named, or named and changed, is found', () => {
  const { audit } = made(['pass', 'pass', 'reject', 'pass', 'reject'], 3);
  const at2 = (items: (LedgerRow | Fold)[], change: Partial<Fold>): void => {
    items.splice(1, 1, { ...(items[1] as Fold), ...change });
  };
  const indexOf = (items: (LedgerRow | Fold)[], seq: number): number => items.findIndex((item) => item.seq === seq);
  const changes: Record<string, (items: (LedgerRow | Fold)[]) => void> = {
    'other counts': (items) => at2(items, { counts: { pass: 1, reject: 1 } }),
    'other classes': (items) => at2(items, { classes: { good: 2 } }),
    'another hash': (items) => at2(items, { hash: 'f'.repeat(64) }),
    'a longer fold': (items) => {
      at2(items, { to: 4 });
      items.splice(indexOf(items, 4), 1);
    },
    'no fold': (items) => items.splice(1, 1),
    'an unnamed fold': (items) => {
      const gone = items[indexOf(items, 6)] as LedgerRow;
      const counts = { counts: { reject: 1 }, classes: { rejected: 1 } };
      items.splice(indexOf(items, 6), 1, { kind: 'folded', seq: 6, to: 6, hash: gone.hash, ...counts });
    },
    'a changed note': (items) => {
      const index = indexOf(items, 7);
      const note = items[index] as LedgerRow;
      items.splice(index, 1, { ...note, payload: note.payload.replace('"pass":3', '"pass":4') });
    },
    'no note': (items) => items.splice(indexOf(items, 7), 1),
    'an unreadable note': (items) => {
      const index = indexOf(items, 7);
      items.splice(index, 1, { ...(items[index] as LedgerRow), payload: '{"ranges":[[1]]}' });
    },
  };
  assert.deepEqual(audit(), []);
  for (const [name, change] of Object.entries(changes)) assert.notDeepEqual(audit(change), [], name);
});

test('totals: a summary that tells others than the rows before it is found', () => {
  const { head, rows } = openSession(emptyHead('e'), null, null, at, 9);
  const forged = { ...partEntry(1, 'minute'), kind: 'summary', part: null } as const;
  const row = enter(head, { ...forged, payload: '{}' }, 9)?.row;
  assert.ok(row !== undefined);
  const { hash: _, ...unhashed } = { ...row, payload: '{"totals":{"classes":{},"gaps":{},"outcomes":{"pass":1}}}' };
  const hash = chainHash(head.hash, unhashed);
  const auditor = new Audit('e');
  for (const item of [...rows, { ...unhashed, hash }]) auditor.take(item);
  const { findings } = auditor.finish({ seq: 2, hash, session: 1, closed: false });
  assert.deepEqual(findings, ['Row 2 is a summary, and its totals are not those of the rows before it.']);
});

test('folds: one row names no more ranges than fit a batch', () => {
  const outcomes = Array.from({ length: 500 }, (_, index) => (index % 2 === 0 ? 'pass' : 'reject'));
  const { rows, plans, audit } = made(outcomes, 250);
  assert.equal(plans, 2);
  assert.ok(rows.every(({ payload }) => payload.length < 32_000));
  assert.deepEqual(audit(), []);
});

test('totals: count parts by outcome and class, and what gaps counted; odd names harm nobody', () => {
  const gap: Entry = {
    ...partEntry(1, 'ledger-overflow'),
    kind: 'gap',
    part: null,
    payload: '{"counts":{"pass":2},"ranges":[]}',
  };
  const odd: Entry = { ...partEntry(1, '__proto__'), payload: '{"reason":"constructor"}' };
  const none: Entry = { ...partEntry(2, 'no-verdict'), payload: '{}' };
  const totals = [gap, odd, odd, none, gap, { ...gap, payload: '{"ranges":[]}' }].reduce(totalsAfter, noTotals);
  assert.deepEqual(Object.entries(totals.outcomes), [
    ['__proto__', 2],
    ['no-verdict', 1],
  ]);
  assert.deepEqual(Object.entries(totals.classes), [
    ['constructor', 2],
    ['unknown', 1],
  ]);
  assert.deepEqual(totals.gaps, { pass: 4 });
});
