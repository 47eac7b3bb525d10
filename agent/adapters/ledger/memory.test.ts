import { type LedgerUnderTest, ledgerContract } from '../../../test/contracts/ledger.ts';
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
