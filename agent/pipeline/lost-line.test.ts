import assert from 'node:assert/strict';
import { test } from 'node:test';
import { virtualStation } from '../../test/support/virtual-station.ts';
import type { LineEvent } from '../ports/line.ts';

/** A station whose line does what the test says. */
async function scripted() {
  const whole = virtualStation({ parts: 0 });
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
