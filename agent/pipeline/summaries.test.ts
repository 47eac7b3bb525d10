import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import type { ClosedPart } from '../core/part-record.ts';
import type { NewRow } from '../ports/ledger.ts';
import { Summaries } from './summaries.ts';

const noonMs = new Date(2026, 0, 15, 12, 0, 30).getTime();

function record(part: number, verdict: 'pass' | 'reject'): ClosedPart {
  const judgement = { kind: 'verdict', verdict, label: verdict, score: 0.9, scores: [0.9], atNs: 5e6 } as const;
  return {
    state: 'closed',
    part,
    triggerNs: 0,
    triggerWallMs: 0,
    deadlineNs: 1e8,
    pulse: null,
    frame: null,
    judgement,
    late: null,
    action: verdict === 'pass' ? 'pass' : 'eject',
    cause: 'verdict',
    resolvedNs: 1e7,
    tooClose: false,
    confirmation: 'none',
    closedNs: 1e7,
  };
}

function begun(append?: (row: NewRow) => Promise<number | null>) {
  const clock = new VirtualClock({ wallMs: noonMs });
  const rows: NewRow[] = [];
  const faults: unknown[] = [];
  const summaries = new Summaries({
    clock,
    ledger: {
      append:
        append ??
        (async (row) => {
          rows.push(row);
          return rows.length;
        }),
    },
    shifts: ['06:00', '12:03', '22:00'],
    recipeId: 'ring@1',
    onFault: (error) => faults.push(error),
  });
  summaries.start();
  const at = (seconds: number, verdict: 'pass' | 'reject'): void => {
    clock.at(seconds * 1e9, () =>
      summaries.observe({ kind: 'recorded', record: record(seconds, verdict), seq: seconds }),
    );
  };
  const runTo = async (seconds: number): Promise<void> => {
    let there = false;
    clock.at(seconds * 1e9, () => {
      there = true;
    });
    await clock.run(() => there);
  };
  return { clock, rows, faults, summaries, at, runTo };
}

const parts = (rows: readonly NewRow[]): unknown[] => rows.map(({ outcome, payload }) => [outcome, payload['parts']]);

test('summaries: a row a minute at the wall clock, none for an empty one; shifts at theirs; the rest at the stop', async () => {
  const { rows, summaries, at, runTo } = begun();
  for (const seconds of [10, 20, 29]) at(seconds, 'pass');
  at(31, 'reject');
  at(160, 'pass');
  await runTo(170);
  assert.deepEqual(parts(rows), [
    ['minute', 3],
    ['minute', 1],
    ['shift', 4],
  ]);
  assert.deepEqual(
    rows.map(({ wallMs }) => (wallMs - noonMs) / 1000),
    [30, 90, 150],
  );
  assert.deepEqual(rows[1]?.payload['drift'], {
    minute: { passScore: null, rejectShare: 1 },
    shift: { passScore: 0.9, rejectShare: 0.25 },
  });
  // It began before the station.
  assert.equal(rows[2]?.payload['complete'], false);
  assert.equal(rows[2]?.payload['shift'], '06:00');
  summaries.stop();
  summaries.stop();
  assert.deepEqual(parts(rows.slice(3)), [
    ['minute', 1],
    ['shift', 1],
  ]);
  assert.equal(rows[4]?.payload['shift'], '12:03');
  for (const row of rows) assert.deepEqual([row.kind, row.urgent, row.part], ['summary', false, null]);
});

test('summaries: minutes add up to their shift, and shifts to all, whatever comes when', async () => {
  const { rows, summaries, at, runTo } = begun();
  for (let seconds = 1; seconds < 90_000; seconds += 7) at(seconds, seconds % 3 === 0 ? 'reject' : 'pass');
  await runTo(90_000);
  summaries.stop();
  const sum = (outcome: string): number =>
    rows.filter((row) => row.outcome === outcome).reduce((total, row) => total + Number(row.payload['parts']), 0);
  const all = Math.ceil((90_000 - 1) / 7);
  assert.equal(sum('minute'), all);
  assert.equal(sum('shift'), all);
  const shifts = rows.filter(({ outcome }) => outcome === 'shift');
  assert.deepEqual(
    shifts.map(({ payload }) => [payload['shift'], payload['complete']]),
    [
      ['06:00', false],
      ['12:03', true],
      ['22:00', true],
      ['06:00', true],
      ['12:03', false],
    ],
  );
});

test('summaries: a timer that is a little early does not make a minute of a moment', async () => {
  const { clock, rows, summaries, runTo } = begun();
  const wall = clock.wallMs.bind(clock);
  clock.wallMs = () => wall() - 3;
  for (const seconds of [5, 45])
    clock.at(seconds * 1e9, () => summaries.observe({ kind: 'finding', finding: { kind: 'unseen-part', atNs: 1 } }));
  await runTo(100);
  assert.deepEqual(
    rows.map(({ wallMs, payload }) => [(wallMs - noonMs) / 1000, payload['findings']]),
    [
      [30, { 'unseen-part': 1 }],
      [90, { 'unseen-part': 1 }],
    ],
  );
});

test('summaries: a ledger that refuses is told, and does not stop the next', async () => {
  let calls = 0;
  const { faults, at, runTo } = begun(async () => {
    calls += 1;
    throw new Error('closed');
  });
  at(1, 'pass');
  at(40, 'pass');
  await runTo(100);
  assert.equal(calls, 2);
  assert.equal(faults.length, 2);
});
