import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventRow, passRow } from '../../../test/contracts/ledger.ts';
import { LinegateError } from '../../core/errors.ts';
import type { Entry, Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { GroupCommitLedger, type GroupCommitOptions, type LedgerState } from './group-commit.ts';
import { MemoryLedgerFile, MemoryStore } from './memory.ts';
import type { SessionStart } from './store.ts';

type Fault = 'none' | 'before' | 'after' | 'hang';

/** A store whose calls fail as told: before they did anything, after they did all, or never to return. */
class FaultyStore extends MemoryStore {
  readonly file: MemoryLedgerFile;
  readonly calls: string[] = [];
  abandoned = 0;
  faults: Fault[] = [];

  constructor(file = new MemoryLedgerFile()) {
    super(file);
    this.file = file;
  }

  override open(start: SessionStart): Promise<LedgerOpening> {
    return this.#do('open', () => super.open(start));
  }

  override commit(batch: number, entries: readonly Entry[]): Promise<readonly number[]> {
    return this.#do(`${batch}:${entries.length}`, () => super.commit(batch, entries));
  }

  override close(at: Moment): Promise<void> {
    return this.#do('close', async () => {
      if (this.file.session?.closed === false) await super.close(at);
    });
  }

  override async abandon(): Promise<void> {
    this.abandoned += 1;
  }

  async #do<T>(call: string, work: () => Promise<T>): Promise<T> {
    const fault = this.faults.shift() ?? 'none';
    this.calls.push(call);
    if (fault === 'hang') return new Promise(() => {});
    if (fault === 'before') throw new LinegateError('ledger', 'The disk is full.');
    const done = await work();
    if (fault === 'after') throw new LinegateError('ledger', 'The thread has died.');
    return done;
  }
}

interface Bench {
  readonly clock: VirtualClock;
  readonly store: FaultyStore;
  readonly states: LedgerState[];
  readonly ledger: GroupCommitLedger;
}

async function opened(options: Partial<GroupCommitOptions> = {}): Promise<Bench> {
  const clock = new VirtualClock();
  const store = new FaultyStore();
  const states: LedgerState[] = [];
  const onState = (state: LedgerState): unknown => states.push(state);
  const ledger = new GroupCommitLedger(store, { clock, bootId: 'b', onState, ...options });
  await ledger.open();
  store.calls.length = 0;
  return { clock, store, states, ledger };
}

test('group commit: passes wait for each other, at most as long as the flush interval', async () => {
  const { clock, store, ledger } = await opened({ flushMs: 1000 });
  const seqs = [1, 2, 3].map((part) => ledger.append(passRow(part)));
  await clock.run();
  assert.deepEqual(await Promise.all(seqs), [2, 3, 4]);
  assert.deepEqual(store.calls, ['1:3']);
  assert.equal(clock.nowNs(), 1e9);
});

test('group commit: what comes during a commit makes up the next one, at most 512 rows', async () => {
  const { clock, store, ledger } = await opened();
  void ledger.append(eventRow('first'));
  for (let part = 1; part <= 600; part++) void ledger.append(passRow(part));
  await clock.run(() => store.file.rows.length === 602);
  assert.deepEqual(store.calls, ['1:1', '2:512', '3:88']);
});

test('group commit: a disk that fails is tried again, ever more slowly, with the very same batch', async () => {
  const { clock, store, states, ledger } = await opened();
  store.faults = ['before', 'before', 'after', 'before', 'before', 'before', 'before', 'before'];
  const seq = ledger.append(eventRow('a'));
  const later = ledger.append(eventRow('b'));
  await clock.run();
  assert.deepEqual(await Promise.all([seq, later]), [2, 3]);
  assert.deepEqual(store.calls, [...Array(9).fill('1:1'), '2:1']);
  assert.equal(store.file.verify().ok, true);
  assert.equal(clock.nowNs() / 1e6, 100 + 200 + 400 + 800 + 1600 + 3200 + 5000 + 5000);
  assert.deepEqual(states, [
    { state: 'failing', message: 'The disk is full.' },
    { state: 'failing', message: 'The thread has died.' },
    { state: 'failing', message: 'The disk is full.' },
    { state: 'ok' },
  ]);
});

test('group commit: any faults at any moment: every row once, every promise settled, the ledger whole', async () => {
  const fault = fc.constantFrom<Fault>('none', 'none', 'before', 'after');
  const row = fc.record({
    part: fc.option(fc.integer({ min: 1, max: 20 })),
    urgent: fc.boolean(),
    waitMs: fc.nat(300),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 30 }), fc.array(row, { maxLength: 40 }), async (faults, rows) => {
      const { clock, store, ledger } = await opened({ capacity: 6, flushMs: 200 });
      store.faults = [...faults];
      const seqs: Promise<number | null>[] = [];
      for (const { part, urgent, waitMs } of rows) {
        seqs.push(ledger.append(part === null ? eventRow('e', { urgent }) : passRow(part, { urgent })));
        let due = false;
        clock.at(clock.nowNs() + waitMs * 1e6, () => {
          due = true;
        });
        await clock.run(() => due);
      }
      const closed = ledger.close(1e9);
      await clock.run();
      await closed;
      const report = store.file.verify();
      assert.deepEqual([report.findings, report.open], [[], 0]);
      const kept = await Promise.all(seqs);
      kept.forEach((seq, index) => {
        if (seq === null) return;
        const stored = store.file.rows[seq - 1];
        const part = rows[index]?.part ?? null;
        assert.ok(stored?.kind === 'gap' || stored?.part === part, `row ${seq} is not of part ${part}`);
      });
      const events = rows.filter(({ part }, index) => part === null && kept[index] !== null).length;
      assert.equal(store.file.rows.filter(({ kind }) => kind === 'event').length, events);
    }),
    { numRuns: 200 },
  );
});

for (const fault of ['before', 'hang'] as const) {
  test(`group commit: closing gives up in time on a disk that ${fault === 'hang' ? 'hangs' : 'fails'}`, async () => {
    const { clock, store, ledger } = await opened();
    store.faults = Array<Fault>(1000).fill(fault);
    const seqs = [ledger.append(eventRow('a')), ledger.append(passRow(1))];
    const closing = assert.rejects(ledger.close(2500), {
      code: 'ledger',
      message:
        'The ledger could not be closed within 2500 ms: 2 rows did not reach the disk; the next start records which parts are missing.',
    });
    await clock.run();
    await closing;
    assert.deepEqual(await Promise.all(seqs), [null, null]);
    assert.equal(clock.nowNs(), 2.5e9);
    assert.equal(store.abandoned, 1);
    const before = store.calls.length;
    await clock.run();
    assert.equal(store.calls.length, before, 'nothing is tried any more');
  });
}

test('group commit: the clean end itself is tried again', async () => {
  const { clock, store, ledger } = await opened();
  store.faults = ['before', 'after'];
  const closing = ledger.close(5000);
  await clock.run();
  await closing;
  assert.deepEqual(store.calls, ['close', 'close', 'close']);
  assert.equal(store.file.verify().ok, true);
});

test('group commit: closing waits for an opening that is under way, and one that failed leaves nothing to close', async () => {
  const { clock, store } = await opened();
  const opening = new GroupCommitLedger(store, { clock, bootId: 'b' });
  void opening.open();
  await opening.close(1000);
  assert.equal(store.calls.at(-1), 'close');
  store.faults = ['before'];
  const failing = new GroupCommitLedger(store, { clock, bootId: 'b' });
  await assert.rejects(failing.open(), { code: 'ledger' });
  await failing.close(1000);
  await assert.rejects(failing.append(passRow(1)), { code: 'illegal-input' });
});

test('group commit: an acknowledgement rides on the next commit; alone it waits a second for one', async () => {
  const { clock, store, ledger } = await opened({ flushMs: 1500 });
  const seq = ledger.append(passRow(1));
  await ledger.acknowledge(1);
  await clock.run();
  assert.equal(await seq, 2);
  assert.deepEqual([store.calls, clock.nowNs()], [['1:1'], 1.5e9]);
  await ledger.acknowledge(2);
  await ledger.acknowledge(2);
  await clock.run();
  assert.deepEqual([store.calls, clock.nowNs()], [['1:1', '2:0'], 2.5e9]);
});

test('group commit: with the death of the process nothing is tried, told or settled any more', async () => {
  const { clock, store, ledger } = await opened({ flushMs: 1000 });
  let heard = 0;
  const hear = (): void => {
    heard += 1;
  };
  ledger.subscribe(hear);
  void ledger.append(passRow(1)).then(hear);
  await ledger.acknowledge(1);
  await ledger.abandon();
  await clock.run();
  assert.deepEqual([store.calls, store.abandoned, heard, clock.nowNs()], [[], 1, 0, 0]);
  await ledger.close(100);
});
