import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { eventRow, passRow } from '../../test/contracts/ledger.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import { checkDocument } from '../config/read.ts';
import { stationSchema } from '../config/station.ts';
import type { AlarmInput } from '../core/alarms/input.ts';
import { openRecipe, recipePlaces } from '../recipes/find.ts';
import { Records } from './records.ts';
import type { Note, Wiring } from './wiring.ts';

/** The records of a simulated station in virtual time, with its ledger in memory or on the disk. */
function bench(t: TestContext, ledger: 'memory' | 'sqlite') {
  const stateFolder = temporaryFolder(t);
  const document = {
    schemaVersion: 1,
    station: 'simulated',
    recipe: 'machined-ring',
    stateFolder,
    line: { kind: 'simulator' },
    camera: { kind: 'simulator' },
  };
  const config = checkDocument(document, 'The test', stationSchema, 'bad-argument');
  const clock = new VirtualClock();
  const notes: Note[] = [];
  const inputs: AlarmInput[] = [];
  const rehearsal = { faults: {}, seed: 1, classifier: 'scripted', ledger } as const;
  const options = { observe: () => {}, note: (note: Note) => void notes.push(note), software: '0', rehearsal };
  const recipe = openRecipe(config.recipe, recipePlaces(stateFolder, stateFolder));
  const wiring: Wiring = { config, clock, recipe, at: (relative) => relative, options };
  const records = new Records(wiring, (input) => inputs.push(input));
  const settle = async <T>(work: Promise<T>): Promise<T> => {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    work.then(done, done);
    await clock.run(() => settled);
    return work;
  };
  return { clock, records, notes, inputs, settle };
}

for (const kind of ['memory', 'sqlite'] as const) {
  test(`records (${kind}): go to the ledger of the life that is open, and nowhere before or after it`, async (t) => {
    const { records, settle } = bench(t, kind);
    assert.equal(await records.append(eventRow('too early')), null);
    assert.deepEqual([await records.fold(), records.sync], [0, undefined]);
    const first = records.life();
    assert.equal((await settle(first.open())).firstPart, 1);
    assert.equal(await settle(records.append(eventRow('a'))), 2);
    assert.equal(await settle(first.append(passRow(1))), 3);
    await settle(first.abandon());
    await assert.rejects(records.append(eventRow('dead')), { code: 'illegal-input' });
    const second = records.life();
    const { previous, firstPart, lastSeq } = await settle(second.open());
    assert.deepEqual([previous, firstPart, lastSeq], ['process-died', 2, 4]);
    assert.equal(await settle(records.append(eventRow('b'))), 5);
    await settle(second.close(1000));
  });
}

test('records: a simulated full disk is told to the log and to the alarms, and so is its end', async (t) => {
  const { records, notes, inputs, settle } = bench(t, 'memory');
  const life = records.life();
  await settle(life.open());
  records.fillDisk(250);
  assert.equal(await settle(records.append(eventRow('waits'))), 2);
  const message = 'The ledger cannot be used (database or disk is full): the disk is full, free some space.';
  assert.deepEqual(inputs, [
    { kind: 'ledger', state: 'failing', message },
    { kind: 'ledger', state: 'ok' },
  ]);
  assert.deepEqual(
    notes.map(({ level, event, state }) => [level, event, state]),
    [
      ['error', 'ledger', 'failing'],
      ['info', 'ledger', 'ok'],
    ],
  );
  await settle(life.close(1000));
});

test('records: a simulated stall holds rows back as long as it lasts', async (t) => {
  const { clock, records, settle } = bench(t, 'memory');
  const life = records.life();
  await settle(life.open());
  records.stall(700);
  const fromNs = clock.nowNs();
  await settle(records.append(eventRow('waits')));
  assert.equal(clock.nowNs() - fromNs, 700e6);
  await settle(life.close(1000));
});
