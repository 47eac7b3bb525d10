import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { GroupCommitLedger } from '../../agent/adapters/ledger/group-commit.ts';
import type { AuditReport } from '../../agent/core/ledger/audit.ts';
import { type LedgerRow, toEntry } from '../../agent/core/ledger/row.ts';
import type { Ledger, NewRow } from '../../agent/ports/ledger.ts';

/** How a ledger is set up for a test; what is left out does not matter to it. */
export interface LedgerSetup {
  readonly bootId?: string | null;
  readonly flushMs?: number;
  readonly capacity?: number;
}

/** One store, and the processes that open it one after the other. */
export interface LedgerUnderTest {
  /** A new process: a ledger that is not open yet. */
  start(setup: LedgerSetup): GroupCommitLedger;
  /** Ends the process of the last ledger without a word to it. */
  kill(): Promise<void>;
  /** Lets time pass until `promise` has settled. */
  settle<T>(promise: Promise<T>): Promise<T>;
  rows(): Promise<readonly LedgerRow[]>;
  verify(): Promise<AuditReport>;
  dispose(): Promise<void>;
}

/** A flush interval that no test lives to see. */
const NEVER_MS = 1e9;

/** A row of a part that passed. */
export function passRow(part: number, more: Partial<NewRow> = {}): NewRow {
  return {
    kind: 'part',
    monoMs: part * 100.25,
    wallMs: 1.7e12 + part,
    part,
    outcome: 'pass',
    score: 0.25,
    recipe: 'ring@1',
    urgent: false,
    payload: { label: 'normal', scores: [0.75, 0.25], frame: null },
    ...more,
  };
}

/** A row of something else. */
export function eventRow(name: string, more: Partial<NewRow> = {}): NewRow {
  const none = { part: null, score: null, recipe: null };
  return { kind: 'event', monoMs: 1, wallMs: 1.7e12, outcome: name, urgent: true, payload: {}, ...none, ...more };
}

const rejectRow = (part: number): NewRow => passRow(part, { outcome: 'reject', urgent: true });

function gapsOf(rows: readonly LedgerRow[]): unknown[] {
  return rows
    .filter(({ kind }) => kind === 'gap')
    .map(({ outcome, payload }) => [outcome, (JSON.parse(payload) as { ranges: unknown }).ranges]);
}

/** What every ledger keeps. */
export function ledgerContract(name: string, make: () => Promise<LedgerUnderTest>): void {
  let it: LedgerUnderTest;

  async function opened(setup: LedgerSetup = {}): Promise<Ledger> {
    const ledger = it.start(setup);
    await it.settle(ledger.open());
    return ledger;
  }

  async function appended(ledger: Ledger, rows: readonly NewRow[]): Promise<(number | null)[]> {
    return it.settle(Promise.all(rows.map((row) => ledger.append(row))));
  }

  async function closed(ledger: Ledger): Promise<readonly LedgerRow[]> {
    await it.settle(ledger.close(5000));
    const { ok, findings, open } = await it.verify();
    assert.deepEqual({ ok, findings, open }, { ok: true, findings: [], open: 0 });
    return it.rows();
  }

  describe(`ledger: ${name}`, () => {
    beforeEach(async () => {
      it = await make();
    });
    afterEach(() => it.dispose());

    test('begins with part 1', async () => {
      const { epoch, firstPart, previous } = await it.settle(it.start({}).open());
      assert.match(epoch, /^[0-9a-f-]{36}$/);
      assert.deepEqual({ firstPart, previous }, { firstPart: 1, previous: 'first' });
    });

    test('gives back what was appended, numbered and in order', async () => {
      const ledger = await opened();
      const rows = [
        passRow(1),
        rejectRow(2),
        eventRow('odd "text", ü\n\ud800', {
          payload: { z: 1, a: { y: [null, true, 1e21, -0.5], x: 'é' }, gone: undefined },
        }),
        passRow(3, { score: null, recipe: null, monoMs: 0.1 + 0.2, wallMs: -1.5, outcome: 'no-verdict' }),
      ];
      const seqs = await appended(ledger, rows);
      assert.deepEqual(seqs, [2, 3, 4, 5]);
      const stored = await closed(ledger);
      assert.deepEqual(
        stored.slice(1, 5).map(({ seq, session, hash, ...entry }) => entry),
        rows.map((row) => {
          const { partClass, ...stored } = toEntry(row);
          return stored;
        }),
      );
      assert.equal(stored[3]?.payload, '{"a":{"x":"é","y":[null,true,1e+21,-0.5]},"z":1}');
    });

    test('a part appended again keeps its first row', async () => {
      const ledger = await opened({ flushMs: 1 });
      const [first, again] = await appended(ledger, [passRow(1), rejectRow(1)]);
      const [later, next] = await appended(ledger, [rejectRow(1), rejectRow(2)]);
      assert.deepEqual([first, again, later, next], [2, 2, 2, 3]);
      const stored = await closed(ledger);
      assert.deepEqual(
        stored.filter(({ kind }) => kind === 'part').map(({ part, outcome }) => [part, outcome]),
        [
          [1, 'pass'],
          [2, 'reject'],
        ],
      );
    });

    test('an urgent row does not wait, and takes along what waits', async () => {
      const ledger = await opened({ flushMs: NEVER_MS });
      assert.deepEqual(await appended(ledger, [passRow(1), passRow(2), rejectRow(3)]), [2, 3, 4]);
    });

    test('many rows do not wait for the flush interval', async () => {
      const ledger = await opened({ flushMs: NEVER_MS });
      const rows = Array.from({ length: 32 }, (_, index) => passRow(index + 1));
      assert.equal((await appended(ledger, rows)).at(-1), 33);
    });

    test('a single pass waits for the flush interval, no longer', async () => {
      const ledger = await opened({ flushMs: 20 });
      assert.deepEqual(await appended(ledger, [passRow(1)]), [2]);
    });

    test('goes on exactly after a clean end, also after a reboot', async () => {
      const ledger = await opened({ bootId: 'a' });
      await appended(ledger, [rejectRow(1), rejectRow(2)]);
      await closed(ledger);
      const next = it.start({ bootId: 'b' });
      const { firstPart, lastSeq, previous } = await it.settle(next.open());
      assert.deepEqual({ firstPart, lastSeq, previous }, { firstPart: 3, lastSeq: 5, previous: 'clean' });
      assert.deepEqual(await appended(next, [eventRow('next')]), [lastSeq + 1]);
      assert.deepEqual(gapsOf(await closed(next)), []);
    });

    test('rows that wait when it is closed become durable', async () => {
      const ledger = await opened({ flushMs: NEVER_MS });
      const seq = ledger.append(passRow(1));
      await closed(ledger);
      assert.equal(await seq, 2);
    });

    test('a clean end explains numbers without a row; a row that comes for one later finds that', async () => {
      const ledger = await opened();
      await appended(ledger, [rejectRow(1), rejectRow(4), rejectRow(6)]);
      const stored = await closed(ledger);
      assert.deepEqual(gapsOf(stored), [
        [
          'not-recorded',
          [
            [2, 3],
            [5, 5],
          ],
        ],
      ]);
      const gapSeq = stored.find(({ kind }) => kind === 'gap')?.seq;
      const next = await opened();
      assert.deepEqual(await appended(next, [rejectRow(5)]), [gapSeq]);
      await closed(next);
    });

    test('after the death of the process the open parts may still get their rows', async () => {
      const ledger = await opened({ bootId: 'a' });
      await appended(ledger, [rejectRow(1), rejectRow(3), rejectRow(5)]);
      await it.kill();
      const next = it.start({ bootId: 'a' });
      const { firstPart, previous } = await it.settle(next.open());
      assert.deepEqual({ firstPart, previous }, { firstPart: 6, previous: 'process-died' });
      const { ok, open } = await it.verify();
      assert.deepEqual({ ok, open }, { ok: true, open: 2 });
      await appended(next, [rejectRow(2), rejectRow(6)]);
      const stored = await closed(next);
      assert.deepEqual(gapsOf(stored), [['not-recorded', [[4, 4]]]]);
      const restarted = stored.find(({ outcome }) => outcome === 'restarted');
      assert.deepEqual(JSON.parse(restarted?.payload ?? ''), {
        bootId: 'a',
        firstPart: 6,
        previous: 'process-died',
        sinceWallMs: 1.7e12 + 5,
      });
    });

    for (const [what, before, after] of [
      ['a reboot', 'a', 'b'],
      ['a boot that nobody names', null, null],
    ] as const) {
      test(`after ${what} every number up to the reserve is explained`, async () => {
        const ledger = await opened({ bootId: before });
        await appended(ledger, [rejectRow(1), rejectRow(3)]);
        await it.kill();
        const next = it.start({ bootId: after });
        const { firstPart, previous } = await it.settle(next.open());
        assert.equal(previous, 'power-cut');
        assert.ok(firstPart > 3 + 64, `part ${firstPart} may have been on the belt`);
        await appended(next, [rejectRow(firstPart)]);
        assert.deepEqual(gapsOf(await closed(next)), [
          [
            'power-cut',
            [
              [2, 2],
              [4, firstPart - 1],
            ],
          ],
        ]);
      });
    }

    test('two power cuts in a row explain their numbers once each', async () => {
      for (const bootId of ['a', 'b', 'c']) {
        await it.settle(it.start({ bootId }).open());
        await it.kill();
      }
      const last = await opened({ bootId: 'd' });
      const stored = await closed(last);
      assert.equal(gapsOf(stored).length, 3);
    });

    test('what does not fit the queue is named by a gap', async () => {
      const ledger = await opened({ capacity: 4, flushMs: 1 });
      const rows = [1, 2, 3, 4, 5, 6, 7].map((part) => passRow(part));
      const seqs = await appended(ledger, [...rows, rejectRow(9), eventRow('alarm')]);
      assert.deepEqual(seqs, [2, 3, 4, 5, null, null, null, null, null]);
      const again = await appended(ledger, [rejectRow(6), rejectRow(8)]);
      assert.deepEqual(again, [6, 7]);
      const stored = await closed(ledger);
      const gap = stored.find(({ kind }) => kind === 'gap');
      assert.equal(gap?.outcome, 'ledger-overflow');
      assert.deepEqual(JSON.parse(gap?.payload ?? ''), {
        counts: { pass: 3, reject: 1, 'event alarm': 1 },
        ranges: [
          [5, 7],
          [9, 9],
        ],
      });
    });

    test('refuses what it could not give back', async () => {
      const ledger = await opened();
      const circle: Record<string, unknown> = {};
      circle['self'] = circle;
      const bad = [
        passRow(0),
        passRow(1.5),
        passRow(2 ** 53),
        passRow(1, { part: null }),
        eventRow('x', { part: 1 }),
        passRow(1, { monoMs: Number.NaN }),
        passRow(1, { wallMs: Number.POSITIVE_INFINITY }),
        passRow(1, { score: Number.NaN }),
        passRow(1, { payload: circle }),
        passRow(1, { payload: { big: 1n } }),
      ];
      for (const row of bad) await assert.rejects(ledger.append(row), { code: 'illegal-input' });
      assert.deepEqual(await appended(ledger, [rejectRow(1)]), [2]);
      await closed(ledger);
    });

    test('is opened once, closed as often as one likes, and takes nothing outside', async () => {
      const ledger = it.start({});
      await assert.rejects(ledger.append(passRow(1)), { code: 'illegal-input' });
      const [first, second] = await it.settle(Promise.all([ledger.open(), ledger.open()]));
      assert.deepEqual(first, second);
      const closing = ledger.close(5000);
      await assert.rejects(ledger.append(passRow(1)), { code: 'illegal-input' });
      await it.settle(closing);
      await it.settle(ledger.close(5000));
      assert.equal((await it.rows()).length, 2);
    });

    test('closing one that never opened does nothing', async () => {
      await it.settle(it.start({}).close(5000));
    });
  });
}
