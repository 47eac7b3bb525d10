import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type VirtualStationOptions, virtualStation } from '../../test/support/virtual-station.ts';
import type { LineEvent } from '../ports/line.ts';

/** A station whose line does what the test says. */
async function scripted(options: Pick<VirtualStationOptions, 'gateSensor'> = {}) {
  const whole = virtualStation({ parts: 0, ...options });
  const { line, ledger, classifier, station, clock } = whole;
  const acknowledged: number[] = [];
  let tell: (event: LineEvent) => void = () => {};
  line.start = async (_first, listener) => {
    tell = listener;
  };
  line.acknowledge = (part) => void acknowledged.push(part);
  line.stop = async () => {};
  const opening = await ledger.open();
  await classifier.start();
  await station.start(opening);
  const settle = async (): Promise<void> => {
    const stopping = station.stop();
    await clock.run();
    await stopping;
  };
  return { ...whole, acknowledged, tell: (event: LineEvent) => tell(event), settle };
}

test('station: a line that dies under it leaves its open parts one record each', async () => {
  const { tell, settle, station, observations, acknowledged } = await scripted();
  tell({ kind: 'trigger', part: 1, atNs: 0, deadlineNs: 1e9 });
  tell({ kind: 'trigger', part: 2, atNs: 10, deadlineNs: 1e9 });
  const resolved = { action: 'pass', cause: 'verdict', verdict: 'pass', tooClose: false } as const;
  tell({ kind: 'resolved', part: 2, ...resolved, atNs: 20, scheduledNs: 20, lateNs: 0 });
  for (const part of [1, 2, 3]) tell({ kind: 'interrupted', part, atNs: part });
  await settle();
  const records = observations.flatMap((each) => (each.kind === 'recorded' ? [each.record] : []));
  assert.deepEqual(
    records.map(({ part, action }) => [part, action]),
    [
      [1, 'unknown'],
      [2, 'unknown'],
      [3, 'unknown'],
    ],
  );
  assert.deepEqual(acknowledged, [1, 2, 3]);
  assert.equal(station.openParts, 0);
});

test('station: parts that the line forgot, its ready and its inputs are in the ledger; only then is the loss acknowledged', async () => {
  const { tell, settle, ledger, acknowledged } = await scripted();
  tell({ kind: 'parts-lost', fromPart: 4, toPart: 9, atNs: 1 });
  tell({ kind: 'ready', on: false, why: ['ring'], atNs: 2 });
  tell({ kind: 'signal', signal: 'bin-full', active: true, atNs: 3 });
  tell({ kind: 'encoder', counts: 1, nsPerCount: null, losses: 0, atNs: 4 });
  assert.deepEqual(acknowledged, []);
  await settle();
  assert.deepEqual(acknowledged, [9]);
  const rows = ledger.file.rows
    .filter(({ kind }) => kind === 'event')
    .map(({ outcome, payload }) => [outcome, payload]);
  assert.deepEqual(rows, [
    ['parts-lost', '{"fromPart":4,"toPart":9}'],
    ['ready', '{"on":false,"why":["ring"]}'],
    ['signal', '{"active":true,"signal":"bin-full"}'],
  ]);
});

test('station: with two gates each part has the pulse of the gate that threw it out', async () => {
  const { tell, settle, observations } = await scripted();
  const gate = (kind: 'gate' | 'review-gate', state: 'active' | 'inactive', part: number, atNs: number): void =>
    tell({ kind, state, part, atNs, scheduledNs: atNs, lateNs: 0 });
  const settled = { tooClose: false, scheduledNs: 0, lateNs: 0, cause: 'fail-safe' } as const;
  const end = (part: number, action: 'eject' | 'pass', verdict: 'reject' | 'review' | 'pass'): void =>
    tell({ kind: 'closed', part, action, verdict, confirmation: 'none', ...settled, atNs: 900 });
  for (const part of [1, 2, 3, 4]) tell({ kind: 'trigger', part, atNs: 10 * part, deadlineNs: 1e9 });
  tell({ kind: 'resolved', part: 1, action: 'eject', verdict: 'review', ...settled, atNs: 100 });
  tell({ kind: 'resolved', part: 2, action: 'pass', verdict: 'pass', ...settled, atNs: 110 });
  tell({ kind: 'resolved', part: 3, action: 'eject', verdict: 'reject', ...settled, atNs: 120 });
  gate('review-gate', 'active', 1, 300);
  gate('gate', 'active', 3, 310);
  // The first gate throws out a later part when this one closes.
  end(1, 'eject', 'review');
  gate('review-gate', 'inactive', 1, 400);
  gate('gate', 'inactive', 3, 410);
  end(2, 'pass', 'pass');
  end(3, 'eject', 'reject');
  tell({ kind: 'resolved', part: 4, action: 'eject', verdict: 'review', ...settled, atNs: 500 });
  gate('review-gate', 'active', 4, 600);
  gate('review-gate', 'inactive', 4, 700);
  end(4, 'eject', 'review');
  await settle();
  const records = observations.flatMap((each) => (each.kind === 'recorded' ? [each.record] : []));
  assert.deepEqual(
    records.map(({ part, pulse }) => [part, pulse]),
    [
      [1, { onNs: 300, offNs: null }],
      [2, null],
      [3, { onNs: 310, offNs: 410 }],
      [4, { onNs: 600, offNs: 700 }],
    ],
  );
});

test('station: on a belt that is counted, what passes the gate unseen is in the ledger, and a stop of an hour is nothing', async () => {
  const gateSensor = { base: 'encoder', from: 90, to: 130, dead: 10 } as const;
  const { tell, settle, ledger, observations } = await scripted({ gateSensor });
  const hourNs = 3600e9;
  tell({ kind: 'ready', on: true, why: [], atNs: 1, beltCounts: 0 });
  tell({ kind: 'trigger', part: 1, atNs: 10, deadlineNs: 20, beltCounts: 200 });
  tell({ kind: 'trigger', part: 2, atNs: 20, deadlineNs: 30, beltCounts: 260 });
  tell({ kind: 'at-gate', atNs: hourNs, beltCounts: 305 });
  tell({ kind: 'at-gate-again', backCounts: 7, atNs: 2 * hourNs, beltCounts: 312 });
  tell({ kind: 'at-gate', atNs: 3 * hourNs, beltCounts: 340 });
  tell({ kind: 'encoder', counts: 342, nsPerCount: 1000, losses: 0, atNs: 3 * hourNs + 1 });
  tell({ kind: 'trigger', part: 3, atNs: 4 * hourNs, deadlineNs: 0, beltCounts: 400 });
  for (const part of [1, 2, 3]) tell({ kind: 'interrupted', part, atNs: part });
  await settle();
  const findings = observations.flatMap((each) => (each.kind === 'finding' ? [each.finding] : []));
  assert.deepEqual(findings, [
    { kind: 'unseen-part', atNs: 3 * hourNs },
    { kind: 'missing-part', part: 2, atNs: 4 * hourNs },
  ]);
  const outcomes = ledger.file.rows.filter(({ kind }) => kind === 'event').map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ['ready', 'unseen-part', 'missing-part']);
});
