import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertSentence } from '../../../test/support/sentence.ts';
import { Audit, type AuditReport } from './audit.ts';
import { chainHash, genesis } from './chain.ts';
import { closeSession, emptyHead, enter, type Head, openSession, type PreviousSession } from './head.ts';
import { highestOf } from './ranges.ts';
import type { Entry, LedgerRow } from './row.ts';

const EPOCH = 'e';
const SPARE = 5;
const at = { monoMs: 1, wallMs: 2 };

type Step = 'part' | 'skip' | 'late' | 'event' | 'die' | 'reboot' | 'close';

/** A ledger as it lives: its rows, and what it remembers of its end. */
class Life {
  head: Head = emptyHead(EPOCH);
  readonly rows: LedgerRow[] = [];
  closed = false;
  #before: PreviousSession | null = null;
  #boot = 1;
  #next = 1;
  #skipped: number[] = [];

  constructor() {
    this.#open();
  }

  #open(): void {
    const opened = openSession(this.head, this.#before, `boot ${this.#boot}`, at, SPARE);
    this.#add(opened);
    this.closed = false;
    this.#next = Math.max(this.#next, opened.firstPart);
  }

  #add(turn: { head: Head; rows: readonly LedgerRow[] }): void {
    this.head = turn.head;
    this.rows.push(...turn.rows);
  }

  #enter(kind: 'part' | 'event', part: number | null): void {
    const entry: Entry = { kind, ...at, part, outcome: 'x', score: 0.5, recipe: 'r@1', payload: '{"a":1}' };
    const entered = enter(this.head, entry, SPARE);
    if (entered !== null) this.#add({ head: entered.head, rows: [entered.row] });
  }

  step(step: Step): void {
    if (step === 'event') this.#enter('event', null);
    if (step === 'part') this.#enter('part', this.#next++);
    // No more than the reserve can be under way.
    if (step === 'skip' && this.#next < highestOf(this.head.explained) + SPARE) this.#skipped.push(this.#next++);
    if (step === 'late') this.#enter('part', this.#skipped.pop() ?? this.#next++);
    if (step === 'close') this.#add(closeSession(this.head, at));
    this.closed = step === 'close';
    if (step !== 'die' && step !== 'reboot' && step !== 'close') return;
    this.#before = { bootId: `boot ${this.#boot}`, closed: this.closed, lastWallMs: 2 };
    if (step === 'reboot') this.#boot += 1;
    this.#open();
  }

  audit(rows: readonly LedgerRow[] = this.rows): AuditReport {
    return auditOf(rows, { ...this.head, closed: this.closed });
  }
}

function auditOf(rows: readonly LedgerRow[], end: Head & { closed: boolean }): AuditReport {
  const audit = new Audit(EPOCH);
  for (const row of rows) audit.take(row);
  return audit.finish(end);
}

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<Step>('part', 'skip', 'late', 'event') },
    { weight: 1, arbitrary: fc.constantFrom<Step>('die', 'reboot', 'close') },
  ),
  { minLength: 3, maxLength: 60 },
);

const life = steps.map((all) => {
  const lived = new Life();
  for (const step of all) lived.step(step);
  return lived;
});

test('audit: a ledger is whole after any sequence of lives, deaths, power cuts and clean ends', () => {
  fc.assert(
    fc.property(life, (lived) => {
      const report = lived.audit();
      assert.deepEqual(report.findings, []);
      assert.equal(report.rows, lived.rows.length);
      assert.equal(report.parts + report.gaps + report.open, highestOf(lived.head.explained));
    }),
    { numRuns: 500 },
  );
});

test('audit: whatever is changed in one row shows', () => {
  const change = fc.constantFrom<(row: LedgerRow) => LedgerRow>(
    (row) => ({ ...row, session: row.session + 1 }),
    (row) => ({ ...row, kind: row.kind === 'event' ? 'gap' : 'event' }),
    (row) => ({ ...row, monoMs: row.monoMs + 1 }),
    (row) => ({ ...row, wallMs: row.wallMs - 0.001 }),
    (row) => ({ ...row, part: (row.part ?? 0) + 1 }),
    (row) => ({ ...row, outcome: `${row.outcome} ` }),
    (row) => ({ ...row, score: row.score === null ? 0 : null }),
    (row) => ({ ...row, recipe: row.recipe === null ? '' : null }),
    (row) => ({ ...row, payload: '{}' }),
    (row) => ({ ...row, payload: 'no JSON' }),
    (row) => ({ ...row, hash: `${row.hash.startsWith('0') ? 1 : 0}${row.hash.slice(1)}` }),
  );
  fc.assert(
    fc.property(life, change, fc.nat(), (lived, changed, pick) => {
      const index = pick % lived.rows.length;
      const rows = lived.rows.map((row, i) => (i === index ? changed(row) : row));
      const { ok, findings } = lived.audit(rows);
      assert.equal(ok, false);
      findings.forEach(assertSentence);
    }),
    { numRuns: 300 },
  );
});

test('audit: rows taken out show, at the beginning, in the middle and at the end', () => {
  fc.assert(
    fc.property(life, fc.nat(), fc.integer({ min: 1, max: 5 }), (lived, pick, count) => {
      const from = pick % lived.rows.length;
      const { ok, findings } = lived.audit(lived.rows.toSpliced(from, count));
      assert.equal(ok, false);
      assert.match(findings[0] ?? '', /missing/);
    }),
  );
});

test('audit: rows of another ledger, and an older end of the same one, show', () => {
  const lived = new Life();
  lived.step('part');
  const old = lived.head;
  lived.step('part');
  assert.equal(lived.audit().ok, true);
  assert.match(auditOf(lived.rows, { ...old, closed: false }).findings.join(), /last row is 3/);
  assert.match(auditOf(lived.rows, { ...lived.head, closed: true }).findings.join(), /another end of session 1/);
  const audit = new Audit('another epoch');
  for (const row of lived.rows) audit.take(row);
  assert.match(audit.finish({ ...lived.head, closed: false }).findings.join(), /Row 1 was changed/);
});

/** Rows as a faulty writer would chain them: without asking whether a part is explained. */
function chainedFreely(entries: readonly Entry[]): { rows: LedgerRow[]; end: Head & { closed: boolean } } {
  const { head, rows } = openSession(new Life().head, null, 'boot', at, SPARE);
  const start: Head = { ...head, session: 0, seq: 0, hash: genesis(EPOCH) };
  let { hash, seq, session } = start;
  const all = [...rows, ...entries].map(({ ...entry }) => {
    seq += 1;
    if (entry.kind === 'session' && entry.outcome !== 'stopped') session += 1;
    const unhashed = { ...entry, seq, session };
    hash = chainHash(hash, unhashed);
    return { ...unhashed, hash };
  });
  const closed = all.findLast(({ kind }) => kind === 'session')?.outcome === 'stopped';
  return { rows: all, end: { ...start, seq, hash, session, closed } };
}

test('audit: a writer that errs is found out, although its chain is whole', () => {
  const entry: Entry = { kind: 'part', ...at, part: 1, outcome: 'pass', score: null, recipe: null, payload: '{}' };
  const gap = (payload: string): Entry => ({ ...entry, kind: 'gap', part: null, payload });
  const stopped: Entry = { ...entry, kind: 'session', part: null, outcome: 'stopped' };
  const cases: [RegExp, Entry[]][] = [
    [/^Part 1 is recorded again in row 3\.$/, [entry, entry, stopped]],
    [/^Row 3 is a gap over parts that are recorded already: 1\.$/, [entry, gap('{"ranges":[[1,1]]}'), stopped]],
    [/^Part 2 is recorded again in row 4\.$/, [entry, gap('{"ranges":[[2,3]]}'), { ...entry, part: 2 }, stopped]],
    [/^Row 2 is a gap and names no usable part numbers\.$/, [gap('{"ranges":[[2,1]]}'), stopped]],
    [
      /^Neither a row nor a gap tells what became of parts 2, 4\.$/,
      [...[1, 3, 5].map((part) => ({ ...entry, part })), stopped],
    ],
    [/^Row 2 is a part's and has no part number\.$/, [{ ...entry, part: null }, stopped]],
    [/^Row 3 belongs to session 1, which was not open then\.$/, [stopped, entry]],
  ];
  const session = (previous: string, bootId: string, firstPart: number): Entry => {
    const payload = JSON.stringify({ bootId, firstPart, previous });
    return { ...entry, kind: 'session', part: null, outcome: 'restarted', payload };
  };
  cases.push(
    [
      /^Neither a row nor a gap tells what became of parts 2 to 9\.$/,
      [entry, session('power-cut', 'b', 10), { ...entry, part: 10 }],
    ],
    [
      /^Row 3 says that session 2 follows a clean end, and the rows do not\.$/,
      [entry, session('clean', 'boot', 2), stopped],
    ],
    [/^Row 3 says that session 2 follows a power-cut end/, [entry, session('power-cut', 'boot', 2), stopped]],
  );
  for (const [sentence, entries] of cases) {
    const { rows, end } = chainedFreely(entries);
    const { findings } = auditOf(rows, end);
    assert.equal(findings.length, 1, findings.join(' | '));
    assert.match(findings[0] ?? '', sentence);
  }
});

test('audit: thousands of findings stay a short list', () => {
  const lived = new Life();
  for (let i = 0; i < 500; i++) lived.step('event');
  const { findings } = lived.audit(lived.rows.map((row) => ({ ...row, outcome: 'y' })));
  assert.equal(findings.length, 51);
  assert.match(findings.at(-1) ?? '', /There are \d+ findings more/);
});
