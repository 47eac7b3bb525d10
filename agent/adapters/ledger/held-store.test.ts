import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LedgerUnderTest, ledgerContract, passRow } from '../../../test/contracts/ledger.ts';
import { outboxContract } from '../../../test/contracts/outbox.ts';
import type { Entry } from '../../core/ledger/row.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { GroupCommitLedger } from './group-commit.ts';
import { HeldStore } from './held-store.ts';
import { MemoryLedgerFile, MemoryStore } from './memory.ts';

/** A disk that takes real time for a commit. */
class SlowStore extends MemoryStore {
  override async commit(batch: number, entries: readonly Entry[]): Promise<readonly number[]> {
    for (let turns = 0; turns < 20; turns += 1) await new Promise<void>((resolve) => setImmediate(resolve));
    return super.commit(batch, entries);
  }
}

async function held(): Promise<LedgerUnderTest> {
  const clock = new VirtualClock();
  const file = new MemoryLedgerFile();
  return {
    start: ({ bootId = 'boot', ...setup }) => {
      const store = new HeldStore(new SlowStore(file), (work) => clock.hold(work));
      return new GroupCommitLedger(store, { clock, bootId, ...setup });
    },
    kill: async () => {},
    settle: async (promise) => {
      let settled = false;
      const done = (): void => {
        settled = true;
      };
      promise.then(done, done);
      await clock.run(() => settled);
      return promise;
    },
    rows: async () => file.rows,
    verify: async () => file.verify(),
    dispose: async () => {},
  };
}

ledgerContract('held in virtual time', held);
outboxContract('held in virtual time', held);

test('held store: time stands still until what is written is written, and not for what is only asked', async () => {
  const clock = new VirtualClock();
  const works: Promise<unknown>[] = [];
  const hold = <T>(work: Promise<T>): Promise<T> => {
    works.push(work);
    return clock.hold(work);
  };
  const store = new HeldStore(new SlowStore(new MemoryLedgerFile()), hold);
  const at = { monoMs: 1, wallMs: 1 };
  const ledger = new GroupCommitLedger(store, { clock, bootId: 'boot', flushMs: 10 });
  await ledger.open();
  const appended = ledger.append(passRow(1));
  let tookNs = -1;
  void appended.then(() => {
    tookNs = clock.nowNs();
  });
  clock.at(11e6, () => {});
  await clock.run();
  assert.deepEqual([await appended, tookNs, works.length], [2, 10e6, 2]);
  await store.state();
  await store.read(0, { rows: 1, bytes: 1000 });
  await store.hashAt(1);
  await store.acknowledge(1);
  assert.equal(works.length, 2);
  await store.branch('why', at);
  await store.fold({ keepNewest: 0, mostRows: 1 }, at);
  await store.close(at);
  await store.abandon();
  assert.equal(works.length, 6);
});
