import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FaultyOutcome, runFaulty } from '../../test/support/faulty-station.ts';
import { parseFaults } from '../adapters/simulator/faults/plan.ts';

/** What holds whatever fails. */
function assertKept({ summary, ledger, broken }: FaultyOutcome): void {
  const { triggers, records, unaccounted, wrongPartEjections, noVerdicts, failSafeActions } = summary;
  assert.deepEqual(
    { records, unaccounted, wrongPartEjections, failSafeActions },
    { records: triggers, unaccounted: 0, wrongPartEjections: 0, failSafeActions: noVerdicts },
  );
  assert.deepEqual(broken, []);
  const parts = ledger.rows.filter(({ kind }) => kind === 'part').map(({ part }) => part);
  assert.equal(parts.length, triggers);
  assert.equal(new Set(parts).size, triggers);
  const { unexplained, faults } = { unexplained: [], faults: [], ...ledger.verify() };
  assert.deepEqual({ unexplained, faults }, { unexplained: [], faults: [] });
}

test('faults: with all of them every part has one record, none is ejected for another, and seeds repeat', async () => {
  for (const seed of [7, 8]) {
    const run = { parts: 5000, seed, rates: parseFaults('all') };
    const outcome = await runFaulty(run);
    assertKept(outcome);
    assert.ok(outcome.summary.missedTriggers > 0 && outcome.summary.noVerdicts > 0, JSON.stringify(outcome.summary));
    assert.deepEqual((await runFaulty(run)).summary, outcome.summary);
  }
});
