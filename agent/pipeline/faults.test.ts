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
  const { ok, findings } = ledger.verify();
  assert.deepEqual({ ok, findings }, { ok: true, findings: [] });
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

test('faults: an agent that is killed again and again, with parts on the belt, leaves none without its record', async () => {
  const outcome = await runFaulty({ parts: 2000, seed: 3, rates: parseFaults('agent-killed:0.02,ledger-stall:0.02') });
  assertKept(outcome);
  assert.ok(outcome.kills > 15, `${outcome.kills}`);
  assert.ok((outcome.summary.reasons['agent-down'] ?? 0) > 50, JSON.stringify(outcome.summary.reasons));
});

test('faults: each alone does what its name says and nothing else', async () => {
  const reasons = {
    'frame-lost': 'no-frame',
    'frame-late': 'late',
    'frame-duplicated': 'bad-frame',
    'frame-torn': 'bad-frame',
    'classifier-slow': 'late',
    'classifier-dead': 'classifier-down',
    'classifier-garbage': 'bad-answer',
  } as const;
  for (const [name, reason] of Object.entries(reasons)) {
    const outcome = await runFaulty({ parts: 400, seed: 5, rates: parseFaults(`${name}:0.05`) });
    assertKept(outcome);
    assert.ok(outcome.summary.noVerdicts > 5, name);
    assert.deepEqual(Object.keys(outcome.summary.reasons), [reason], name);
  }
});

test('faults: steps of the clock are rows of their own, and move no gate', async () => {
  const outcome = await runFaulty({ parts: 500, seed: 5, rates: parseFaults('clock-step:0.02') });
  assertKept(outcome);
  const steps = outcome.ledger.rows.filter((row) => row.outcome === 'clock-step');
  assert.ok(steps.length > 3);
  assert.equal(outcome.summary.noVerdicts, 0);
});
