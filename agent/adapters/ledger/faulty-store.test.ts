import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRow, passRow } from '../../../test/contracts/ledger.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { FaultyStore } from './faulty-store.ts';
import { GroupCommitLedger, type LedgerState } from './group-commit.ts';
import { MemoryLedgerFile, MemoryStore } from './memory.ts';

interface Bench {
  readonly clock: VirtualClock;
  readonly file: MemoryLedgerFile;
  readonly store: FaultyStore;
  readonly states: LedgerState[];
  readonly tookMs: number[];
  readonly ledger: GroupCommitLedger;
}

async function bench(): Promise<Bench> {
  const clock = new VirtualClock();
  const file = new MemoryLedgerFile();
  const store = new FaultyStore(new MemoryStore(file), clock);
  const [states, tookMs]: [LedgerState[], number[]] = [[], []];
  const onState = (state: LedgerState): unknown => states.push(state);
  const onCommitMs = (ms: number): unknown => tookMs.push(ms);
  const ledger = new GroupCommitLedger(store, { clock, bootId: 'b', onState, onCommitMs });
  await ledger.open();
  return { clock, file, store, states, tookMs, ledger };
}

test('faulty store: a commit waits for the end of a stall, and the ledger tells how long it took', async () => {
  const { clock, store, states, tookMs, ledger } = await bench();
  store.stall(300);
  store.stall(100);
  const seq = ledger.append(eventRow('a'));
  await clock.run();
  assert.equal(await seq, 2);
  assert.deepEqual([clock.nowNs(), states, tookMs], [300e6, [], [300]]);
  const next = ledger.append(eventRow('b'));
  await clock.run();
  assert.equal(await next, 3);
  assert.deepEqual(tookMs, [300, 0]);
});

test('faulty store: a full disk is told in its sentence; with room again nothing is lost', async () => {
  const { clock, file, store, states, tookMs, ledger } = await bench();
  store.fullFor(250);
  const seqs = [ledger.append(eventRow('a')), ledger.append(passRow(1))];
  await clock.run();
  assert.deepEqual(await Promise.all(seqs), [2, 3]);
  const message = 'The ledger cannot be used (database or disk is full): the disk is full, free some space.';
  assert.deepEqual(states, [{ state: 'failing', message }, { state: 'ok' }]);
  assert.equal(tookMs[0], 100 + 200);
  const closed = ledger.close(1000);
  await clock.run();
  await closed;
  assert.deepEqual(file.verify().findings, []);
});

test('faulty store: what stalls when the process dies is never written, and nobody hears of it', async () => {
  const { clock, file, store, ledger } = await bench();
  store.stall(300);
  let heard = false;
  void ledger.append(eventRow('lost')).then(() => {
    heard = true;
  });
  const reading = ledger.state();
  assert.equal((await reading).lastSeq, 1);
  await ledger.abandon();
  await clock.run();
  assert.deepEqual([heard, file.rows.length], [false, 1]);
  await assert.rejects(ledger.append(passRow(1)), { code: 'illegal-input' });
  const next = new GroupCommitLedger(new MemoryStore(file), { clock, bootId: 'b' });
  assert.equal((await next.open()).previous, 'process-died');
});
