import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { SystemClock } from '../agent/adapters/clock/system.ts';
import { SqliteLedger } from '../agent/adapters/ledger/sqlite.ts';
import { StatusSocket } from '../agent/adapters/status/socket.ts';
import type { Alarm } from '../agent/core/alarms/alarm.ts';
import { ledgerFile } from '../agent/main.ts';
import { eventRow } from '../agent/pipeline/rows.ts';
import { Watch } from '../agent/pipeline/watch.ts';
import { StatusBoard } from '../agent/pipeline/watch-status.ts';
import type { StationStatus } from '../agent/ports/status.ts';
import { document, linegate } from '../test/support/cli.ts';
import { temporaryFolder } from '../test/support/folders.ts';
import { assertRefused } from '../test/support/refused.ts';

const alarm: Alarm = {
  id: 'camera-stalled',
  sentence: 'The camera gave no frame.',
  advice: 'Check its cable.',
  sinceWallMs: 1e12,
};
const at = { nowNs: 5e9, wallMs: 1e12 };
const limits = {
  rejectsInARow: 5,
  unconfirmedInARow: 2,
  noVerdictShare: 0.05,
  cameraStalledMs: 5000,
  ledgerSlowMs: 2000,
  headroom: 0.1,
  dropPicturesAt: 0.8,
};

/** A ledger with one part, an alarm that was cleared and one that was not. */
async function ledgerIn(t: TestContext, folder: string): Promise<SqliteLedger> {
  const ledger = new SqliteLedger(path.join(folder, ledgerFile), { clock: new SystemClock(), bootId: 'boot' });
  t.after(() => ledger.close(1000).catch(() => undefined));
  await ledger.open();
  await ledger.append(eventRow('alarm-raised', at, { ...alarm, id: 'disk-full' }));
  await ledger.append(eventRow('alarm-raised', at, { ...alarm }));
  await ledger.append(eventRow('alarm-cleared', at, { ...alarm, id: 'disk-full' }));
  const { payload, ...row } = eventRow('reject', at, {});
  await ledger.append({
    ...row,
    kind: 'part',
    part: 1,
    recipe: 'ring@1',
    score: 0.9,
    payload: { ...payload, label: 'bad' },
  });
  return ledger;
}

function stationIn(t: TestContext, folder: string, ledger: SqliteLedger) {
  const clock = new SystemClock();
  const watch = new Watch({ clock, ledger, limits, observe: () => {}, flushMs: null });
  const board = new StatusBoard({
    clock,
    station: 'desk',
    recipe: 'ring@1',
    software: '0.1.0',
    watch,
    disk: () => null,
    uplink: undefined,
  });
  const socket = new StatusSocket({
    folder,
    status: () => board.status(),
    resume: async () => 'The line is resumed.',
    onFault: assert.fail,
  });
  t.after(() => socket.stop());
  return { watch, board, socket };
}

test('linegate status: a station that runs without an alarm is 0, with one it is 1', async (t) => {
  const folder = temporaryFolder(t);
  const ledger = await ledgerIn(t, folder);
  const { watch, board, socket } = stationIn(t, folder, ledger);
  await socket.start();
  const well = await linegate(t, ['status', '--state', folder]);
  assert.equal(well.exitCode, 0, well.stderr);
  assert.match(well.stdout, /^Station desk runs since \d+ s: recipe ring@1/);
  assert.match(well.stdout, /No alarm stands\.\n$/);
  assert.match(well.stdout, /\n {2}line {8}ready unknown\n {2}gate {8}has not moved\n/);
  const atNs = 1;
  for (const event of [
    { kind: 'ready', on: false, why: ['start', 'encoder'], atNs },
    { kind: 'signal', signal: 'estop-status', active: true, atNs },
    { kind: 'encoder', counts: 7, nsPerCount: 1e6, losses: 3, atNs },
    { kind: 'gate', state: 'active', part: 1, atNs, scheduledNs: 0, lateNs: 250_000 },
  ] as const) {
    board.observe({ kind: 'line', event });
  }
  const lines = (await linegate(t, ['status', '--state', folder])).stdout.split('\n').slice(4, 8);
  assert.deepEqual(lines, [
    "  line        ready off (parts may lie on the belt that nobody has seen and the belt's encoder lost counts)",
    '  inputs      e-stop active',
    '  encoder     at 7 counts, 1000 a second, counts lost 3 times',
    '  gate        moved 1 times, late by p50 0.25 ms, p99 0.25 ms, max 0.25 ms',
  ]);
  watch.take({ kind: 'classifier', state: 'down', detail: 'it died' });
  const ill = await linegate(t, ['status', '--state', folder, '--json']);
  assert.equal(ill.exitCode, 1);
  const told = document(ill);
  assert.equal(told['running'], true);
  assert.equal((told['station'] as StationStatus).line.ready, 'off');
  assert.deepEqual(
    (told['alarms'] as Alarm[]).map(({ id }) => id),
    ['classifier-down'],
  );
});

test('linegate status: without a station it tells from the ledger how the last one ended', async (t) => {
  const folder = temporaryFolder(t);
  const ledger = await ledgerIn(t, folder);
  const died = await linegate(t, ['status', '--state', folder]);
  assert.equal(died.exitCode, 1);
  assert.match(died.stdout, /No station runs in .*\n.*died without a word/);
  assert.match(died.stdout, /The last part is 1: reject/);
  assert.match(died.stdout, /Alarms that stood at the end:\n.*The camera gave no frame\.\n +Check its cable\.\n$/);
  await ledger.close(5000);
  const ended = await linegate(t, ['status', '--state', folder, '--json']);
  assert.equal(ended.exitCode, 1);
  const told = document(ended) as { running: boolean; ledger: Record<string, unknown>; alarms: Alarm[] };
  const { session, lastPart, rows, unacknowledgedRows } = told.ledger;
  assert.equal(told.running, false);
  assert.deepEqual(told.alarms, [alarm]);
  assert.equal((session as { endedInOrder: boolean }).endedInOrder, true);
  assert.deepEqual(lastPart, { part: 1, outcome: 'reject', wallMs: 1e12 });
  assert.deepEqual([rows, unacknowledgedRows], [6, 6]);
});

test('linegate status: a folder without a ledger is one sentence', async (t) => {
  const folder = temporaryFolder(t);
  assertRefused(await linegate(t, ['status', '--state', folder]), 3, /There is no ledger at/);
  assertRefused(await linegate(t, ['status', '--state', path.join(folder, 'no')]), 3, /no/);
});

test('linegate resume: prints what came of it; without a station, or with a reason that is no line, it is one sentence', async (t) => {
  const folder = temporaryFolder(t);
  assertRefused(await linegate(t, ['resume', '--state', folder]), 3, /No station runs in /);
  const { socket } = stationIn(t, folder, await ledgerIn(t, folder));
  await socket.start();
  const done = await linegate(t, ['resume', '--state', folder, '--belt-empty', '--why', 'looked']);
  assert.deepEqual([done.exitCode, done.stdout], [0, 'The line is resumed.\n'], done.stderr);
  assertRefused(await linegate(t, ['resume', '--state', folder, '--why', 'x'.repeat(201)]), 2, /201 characters/);
});
