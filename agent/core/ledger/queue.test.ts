import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Audit } from './audit.ts';
import { closeSession, emptyHead, enter, type Head, openSession } from './head.ts';
import { RowQueue } from './queue.ts';
import { type Entry, gapRanges, type LedgerRow } from './row.ts';

const at = { monoMs: 1, wallMs: 2 };

function entryOf(part: number | null, outcome: string): Entry {
  const kind = part === null ? 'event' : 'part';
  return { kind, ...at, part, outcome, score: null, recipe: null, payload: '{}' };
}

/** What the queue lets out enters a ledger. */
class Sink {
  head: Head;
  readonly rows: LedgerRow[] = [];

  constructor() {
    const opened = openSession(emptyHead('e'), null, null, at, 9);
    this.head = opened.head;
    this.rows.push(...opened.rows);
  }

  take(entry: Entry): void {
    const entered = enter(this.head, entry, 9);
    if (entered === null) return;
    this.head = entered.head;
    this.rows.push(entered.row);
  }

  audit(): { findings: readonly string[]; open: number } {
    const closed = closeSession(this.head, at);
    const audit = new Audit('e');
    for (const row of [...this.rows, ...closed.rows]) audit.take(row);
    return audit.finish({ ...closed.head, closed: true });
  }
}

const row = fc.record({
  part: fc.option(fc.integer({ min: 1, max: 30 })),
  outcome: fc.constantFrom('pass', 'reject'),
  urgent: fc.boolean(),
});
const step = fc.oneof({ weight: 3, arbitrary: row }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) });

/** A queue with the ledger that it feeds, and what went in. */
class Rush {
  readonly pushed = new Set<number>();
  readonly sink = new Sink();
  folded = 0;
  readonly #capacity: number;
  readonly #queue: RowQueue<number>;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#queue = new RowQueue(capacity);
  }

  step(it: typeof step extends fc.Arbitrary<infer T> ? T : never): void {
    if (typeof it === 'number') this.#commit(it);
    else this.#push(it.part, it.outcome, it.urgent);
    assert.ok(this.#queue.length <= this.#capacity);
    const urgent = this.#queue.oldest(this.#capacity).some((waiting) => waiting.urgent);
    assert.equal(this.#queue.hasUrgent, urgent);
  }

  drain(): void {
    while (this.#queue.length > 0) this.#commit(2);
  }

  #push(part: number | null, outcome: string, urgent: boolean): void {
    if (part !== null) this.pushed.add(part);
    if (!this.#queue.push(entryOf(part, outcome), urgent, 0)) this.folded += 1;
  }

  #commit(count: number): void {
    const batch = this.#queue.oldest(count);
    for (const { entry } of batch) this.sink.take(entry);
    this.#queue.remove(batch.length);
  }
}

test('queue: each part that went in comes out, as its row or in a gap, in any order of rushes and commits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 80 }), (capacity, steps) => {
      const rush = new Rush(capacity);
      for (const it of steps) rush.step(it);
      rush.drain();
      const ascending = (a: number, b: number): number => a - b;
      assert.deepEqual(rush.sink.rows.flatMap(partsOf).sort(ascending), [...rush.pushed].sort(ascending));
      assert.equal(countsOf(rush.sink.rows), rush.folded);
      assert.deepEqual(rush.sink.audit().findings, []);
    }),
    { numRuns: 300 },
  );
});

function partsOf({ kind, part, payload }: LedgerRow): number[] {
  if (kind !== 'gap') return part === null ? [] : [part];
  return gapRanges(payload).flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
}

function countsOf(rows: readonly LedgerRow[]): number {
  const counts = rows
    .filter(({ outcome }) => outcome === 'ledger-overflow')
    .flatMap(({ payload }) => Object.values((JSON.parse(payload) as { counts: Record<string, number> }).counts));
  return counts.reduce((sum, count) => sum + count, 0);
}
