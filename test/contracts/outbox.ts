import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { GroupCommitLedger } from '../../agent/adapters/ledger/group-commit.ts';
import { chainHash, genesis } from '../../agent/core/ledger/chain.ts';
import { readNote } from '../../agent/core/ledger/fold.ts';
import type { NewRow } from '../../agent/ports/ledger.ts';
import type { Outbox, OutboxItem } from '../../agent/ports/outbox.ts';
import { eventRow, type LedgerSetup, type LedgerUnderTest, passRow } from './ledger.ts';

const ALL = { rows: 1000, bytes: 1e6 };

const rejectRow = (part: number): NewRow => passRow(part, { outcome: 'reject', payload: { label: 'crack' } });

function summaryRow(): NewRow {
  return eventRow('minute', { kind: 'summary', payload: { minute: 1 } });
}

/** Whether items follow each other and their hashes hang together. */
function assertChained(prev: string, items: readonly OutboxItem[], afterSeq: number): void {
  let hash = prev;
  let seq = afterSeq;
  for (const item of items) {
    assert.equal(item.seq, seq + 1);
    if (item.kind !== 'folded') assert.equal(item.hash, chainHash(hash, item));
    hash = item.hash;
    seq = item.kind === 'folded' ? item.to : item.seq;
  }
}

/** What every outbox keeps. */
export function outboxContract(name: string, make: () => Promise<LedgerUnderTest>): void {
  let it: LedgerUnderTest;

  async function opened(setup: LedgerSetup = {}): Promise<GroupCommitLedger> {
    const ledger = it.start(setup);
    await it.settle(ledger.open());
    return ledger;
  }

  /** Appends rows, each group as one commit. */
  async function appended(ledger: GroupCommitLedger, ...groups: readonly (readonly NewRow[])[]): Promise<void> {
    for (const rows of groups) {
      await it.settle(Promise.all([...rows, eventRow('flush')].map((row) => ledger.append(row))));
    }
  }

  async function audited(): Promise<{ parts: number; folded: number }> {
    const { findings, open, parts, folded } = await it.verify();
    assert.deepEqual({ findings, open }, { findings: [], open: 0 });
    return { parts, folded };
  }

  async function foldAll(ledger: GroupCommitLedger, keepNewest = 0): Promise<number> {
    let total = 0;
    for (let rows = 1; rows > 0; total += rows) rows = await it.settle(ledger.fold({ keepNewest, mostRows: 1000 }));
    return total;
  }

  const stateOf = (outbox: Outbox) => it.settle(outbox.state());

  describe(`outbox: ${name}`, () => {
    beforeEach(async () => {
      it = await make();
    });
    afterEach(() => it.dispose());

    test('gives out rows in pages that hang together, from any row on', async () => {
      const ledger = await opened();
      await appended(
        ledger,
        [1, 2, 3].map((part) => passRow(part)),
      );
      const { epoch, parent, lastSeq, head, ackedSeq } = await stateOf(ledger);
      assert.deepEqual({ parent, lastSeq, ackedSeq }, { parent: null, lastSeq: 5, ackedSeq: 0 });
      const all = await it.settle(ledger.read(0, ALL));
      assert.equal(all.prev, genesis(epoch));
      assert.equal(all.items.length, 5);
      assert.equal(all.items.at(-1)?.hash, head);
      assertChained(all.prev, all.items, 0);
      const few = await it.settle(ledger.read(2, { rows: 2, bytes: 1e6 }));
      assert.equal(few.items.length, 2);
      assertChained(few.prev, few.items, 2);
      assert.equal((await it.settle(ledger.read(1, { rows: 10, bytes: 1 }))).items.length, 1);
      assert.deepEqual(await it.settle(ledger.read(5, ALL)), { prev: head, items: [] });
      assert.deepEqual(await Promise.all([0, 2, 5, 6].map((seq) => it.settle(ledger.hashAt(seq)))), [
        genesis(epoch),
        all.items[1]?.hash,
        head,
        null,
      ]);
    });

    test('tells of each commit, and whether a row of it must not wait', async () => {
      const ledger = await opened({ flushMs: 1 });
      const heard: unknown[] = [];
      const end = ledger.subscribe((lastSeq, urgent) => heard.push([lastSeq, urgent]));
      await it.settle(ledger.append(passRow(1)));
      await it.settle(ledger.append(passRow(1)));
      await it.settle(ledger.append(eventRow('alarm')));
      end();
      await it.settle(ledger.append(eventRow('unheard')));
      assert.deepEqual(heard, [
        [2, false],
        [3, true],
      ]);
    });

    test('remembers what was acknowledged, with the next commit, and takes a word back', async () => {
      const first = await opened();
      await appended(first, [passRow(1)]);
      await it.settle(first.acknowledge(2));
      assert.equal((await stateOf(first)).ackedSeq, 2);
      await appended(first, [passRow(2)]);
      await it.kill();
      const second = await opened();
      assert.equal((await stateOf(second)).ackedSeq, 2);
      await it.settle(second.acknowledge(1));
      await it.settle(second.close(5000));
      const third = await opened();
      assert.equal((await stateOf(third)).ackedSeq, 1);
      for (const seq of [-1, 0.5, 99]) await assert.rejects(third.acknowledge(seq), { code: 'illegal-input' });
      await it.settle(third.close(5000));
      await audited();
    });

    test('branches after the last acknowledged row, on the same chain', async () => {
      const ledger = await opened();
      await appended(ledger, [passRow(1)]);
      await it.settle(ledger.acknowledge(2));
      const before = await stateOf(ledger);
      const heard: number[] = [];
      ledger.subscribe((lastSeq) => heard.push(lastSeq));
      const after = await it.settle(ledger.branch('The receiver knows more rows than this file.'));
      assert.notEqual(after.epoch, before.epoch);
      assert.deepEqual(after.parent, { epoch: before.epoch, seq: 2 });
      assert.deepEqual(heard, [before.lastSeq + 1]);
      const { prev, items } = await it.settle(ledger.read(2, ALL));
      assertChained(prev, items, 2);
      const told = items.at(-1);
      assert.ok(told !== undefined && told.kind !== 'folded');
      assert.equal(told.outcome, 'epoch-branched');
      assert.deepEqual(JSON.parse(told.payload), {
        epoch: after.epoch,
        parent: after.parent,
        why: 'The receiver knows more rows than this file.',
      });
      await it.settle(ledger.close(5000));
      const next = it.start({});
      assert.equal((await it.settle(next.open())).epoch, after.epoch);
      assert.deepEqual((await stateOf(next)).parent, after.parent);
      await it.settle(next.close(5000));
      await audited();
    });

    test('gives up acknowledged passes first, then the others, never a reject that nobody has', async () => {
      const ledger = await opened();
      await appended(ledger, [passRow(1), passRow(2), rejectRow(3), passRow(4)], [passRow(5), rejectRow(6)], []);
      await it.settle(ledger.acknowledge(3));
      assert.equal(await it.settle(ledger.fold({ keepNewest: 0, mostRows: 1000 })), 2);
      assert.equal(await it.settle(ledger.fold({ keepNewest: 0, mostRows: 1 })), 1);
      assert.equal(await foldAll(ledger), 1);
      const rows = await it.rows();
      assert.deepEqual(
        rows.flatMap(({ part }) => part ?? []),
        [3, 6],
      );
      const { prev, items } = await it.settle(ledger.read(0, ALL));
      assertChained(prev, items, 0);
      const folds = items.flatMap((item) => (item.kind === 'folded' ? [[item.seq, item.to, item.counts]] : []));
      assert.deepEqual(folds, [
        [2, 3, { pass: 2 }],
        [5, 5, { pass: 1 }],
        [7, 7, { pass: 1 }],
      ]);
      assert.equal(await it.settle(ledger.hashAt(2)), null, 'inside a fold nothing is known');
      assert.notEqual(await it.settle(ledger.hashAt(3)), null);
      const notes = rows.flatMap(({ outcome, payload }) =>
        outcome === 'rows-folded' ? [readNote(payload)?.parts] : [],
      );
      assert.deepEqual(notes, [[[1, 2]], [[4, 4]], [[5, 5]]]);
      await it.settle(ledger.close(5000));
      assert.deepEqual(await audited(), { parts: 2, folded: 4 });
    });

    test('keeps the newest rows, and of what is acknowledged gives up rejects and summaries last', async () => {
      const ledger = await opened();
      await appended(ledger, [passRow(1), rejectRow(2), summaryRow()], [passRow(3)], []);
      await it.settle(ledger.acknowledge(6));
      assert.equal(await foldAll(ledger, 100), 0);
      assert.equal(await foldAll(ledger), 4);
      assert.deepEqual(
        (await it.rows()).flatMap(({ kind }) => (kind === 'part' || kind === 'summary' ? [kind] : [])),
        [],
      );
      await it.settle(ledger.close(5000));
      assert.deepEqual(await audited(), { parts: 0, folded: 3 });
    });

    test('a part whose row was given up stays recorded, also after the death of the process', async () => {
      const ledger = await opened({ bootId: 'a' });
      await appended(ledger, [passRow(2), passRow(3)], []);
      assert.equal(await foldAll(ledger), 2);
      await it.kill();
      const next = it.start({ bootId: 'a' });
      assert.equal((await it.settle(next.open())).firstPart, 4);
      const note = (await it.rows()).find(({ outcome }) => outcome === 'rows-folded');
      assert.equal(await it.settle(next.append(passRow(3, { urgent: true }))), note?.seq);
      await appended(next, [passRow(1), passRow(4)]);
      await it.settle(next.close(5000));
      assert.deepEqual(await audited(), { parts: 2, folded: 2 });
    });

    test('summaries tell totals that outlive rows and processes', async () => {
      const first = await opened({ bootId: 'a' });
      const lost = passRow(3, { outcome: 'no-verdict', payload: { reason: 'frame-lost' } });
      await appended(first, [passRow(1), rejectRow(2), lost, summaryRow()], []);
      await foldAll(first);
      await it.kill();
      const second = await opened({ bootId: 'a' });
      await appended(second, [passRow(4), summaryRow()]);
      await it.settle(second.close(5000));
      const totals = (await it.rows())
        .filter(({ kind }) => kind === 'summary')
        .map(({ payload }) => (JSON.parse(payload) as { totals: unknown }).totals);
      const outcomes = { pass: 1, reject: 1, 'no-verdict': 1 };
      const classes = { normal: 1, crack: 1, 'frame-lost': 1 };
      assert.deepEqual(totals, [
        { outcomes, classes, gaps: {} },
        { outcomes: { ...outcomes, pass: 2 }, classes: { ...classes, normal: 2 }, gaps: {} },
      ]);
      await audited();
    });

    test('answers only while it is open', async () => {
      const ledger = it.start({});
      for (const call of [ledger.state(), ledger.read(0, ALL), ledger.acknowledge(0), ledger.branch('why')]) {
        await assert.rejects(call, { code: 'illegal-input' });
      }
    });
  });
}
