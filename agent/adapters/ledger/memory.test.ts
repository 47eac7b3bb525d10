import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LedgerUnderTest, ledgerContract, passRow } from '../../../test/contracts/ledger.ts';
import { outboxContract } from '../../../test/contracts/outbox.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { MemoryLedger, MemoryLedgerFile } from './memory.ts';

async function inMemory(): Promise<LedgerUnderTest> {
  const clock = new VirtualClock();
  const file = new MemoryLedgerFile();
  return {
    start: ({ bootId = 'boot', ...setup }) => new MemoryLedger({ clock, bootId, ...setup }, file),
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

ledgerContract('in memory', inMemory);
outboxContract('in memory', inMemory);

test('in memory: a long run keeps its newest rows only, and its audit is as sharp', async () => {
  const clock = new VirtualClock();
  const file = new MemoryLedgerFile(100);
  const ledger = new MemoryLedger({ clock, bootId: 'boot' }, file);
  await ledger.open();
  const seqs: (number | null)[] = [];
  for (let part = 1; part <= 1000; part++) {
    const pending = ledger.append(passRow(part, { urgent: true }));
    await clock.run();
    seqs.push(await pending);
  }
  assert.deepEqual([seqs.at(-1), await ledger.append(passRow(950, { urgent: true }))], [1001, 951]);
  assert.ok(file.rows.length >= 100 && file.rows.length < 200, `${file.rows.length} rows`);
  assert.equal((await ledger.read(950, { rows: 5, bytes: 1e6 })).items.length, 5);
  await assert.rejects(ledger.read(10, { rows: 5, bytes: 1e6 }), { code: 'ledger', message: /has no row \d+; read/ });
  assert.equal(await ledger.fold({ keepNewest: 0, mostRows: 10 }), 0);
  await ledger.close(1000);
  const { ok, rows, parts } = file.verify();
  assert.deepEqual({ ok, rows, parts }, { ok: true, rows: 1002, parts: 1000 });
  assert.deepEqual(file.verify(), file.verify());
  const [first] = file.rows;
  assert.ok(first !== undefined);
  file.add(file.head, [first]);
  assert.equal(file.verify().ok, false);
});
