import assert from 'node:assert/strict';
import { test } from 'node:test';
import { find } from '../../../test/support/doctor-finding.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import type { LedgerLook, WriteTimes } from '../probes.ts';
import type { Computer } from '../testing/computer.ts';
import { jetsonOrin, oldPc, pi4, pi5 } from '../testing/computers.ts';
import { gatekeeperStation } from '../testing/stations.ts';
import { toolsFor } from '../testing/tools.ts';

function mounted(type: string, options: string): Computer {
  const row = `24 1 179:2 / / ${options} shared:1 - ${type} /dev/mmcblk0p2 ${options}\n`;
  return { ...pi4, files: { ...pi4.files, '/proc/self/mountinfo': row } };
}

test('disk-kind: card, eMMC, SSD, hard disk, memory, read-only, options that cost records', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  const look = (computer: Computer) =>
    find('disk-kind', toolsFor(computer, { wants: { ...wants, stateFolder: '/var/lib/linegate' } }));
  const kinds = [];
  for (const computer of [pi4, jetsonOrin, pi5, oldPc]) kinds.push((await look(computer)).figures['kind']);
  assert.deepEqual(kinds, ['SD card', 'eMMC', 'SSD', 'hard disk']);
  const states = [];
  for (const computer of [pi4, pi5, mounted('ext4', 'ro'), mounted('tmpfs', 'rw'), mounted('ext4', 'rw,barrier=0')])
    states.push((await look(computer)).state);
  assert.deepEqual(states, ['warn', 'ok', 'fail', 'fail', 'fail']);
});

test('disk-space: by what the station gives up, and by what its pictures may take', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  const look = async (freeBytes: number) =>
    (await find('disk-space', toolsFor({ ...pi4, space: { freeBytes, totalBytes: 1e9 } }, { wants }))).state;
  assert.deepEqual(
    [await look(0.9e9), await look(0.4e9), await look(0.15e9), await look(0.05e9)],
    ['ok', 'warn', 'warn', 'fail'],
  );
});

test('disk-write: percentiles, slow, too slow, not at all', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  const look = (writes: WriteTimes) =>
    find('disk-write', toolsFor(pi4, { wants, probes: { writes: async () => writes } }));
  const fine = await look({ kind: 'times', ms: Array.from({ length: 100 }, (_, at) => at + 1) });
  assert.deepEqual(fine.figures, { writes: 100, p50Ms: 50, p99Ms: 99, maxMs: 100 });
  assert.equal(fine.state, 'ok');
  assert.equal((await look({ kind: 'times', ms: [1, 500] })).state, 'warn');
  assert.equal((await look({ kind: 'times', ms: [1, 2500] })).state, 'fail');
  assert.equal((await look({ kind: 'failed', detail: 'ENOSPC: no space left on device, write' })).state, 'fail');
});

test('ledger: none yet, whole, damaged, another journal, too large, unreadable', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  const whole = { kind: 'read', faults: [], journal: 'wal', pageBytes: 2048, sizeBytes: 1, rows: 1 } as const;
  const looks: LedgerLook[] = [
    { kind: 'none' },
    whole,
    { ...whole, faults: ['Page 3 is never used'] },
    { ...whole, journal: 'delete' },
    { kind: 'slow', sizeBytes: 3e9 },
    { kind: 'failed', detail: 'file is not a database' },
  ];
  const states = [];
  for (const look of looks)
    states.push((await find('ledger', toolsFor(pi4, { wants, probes: { ledger: async () => look } }))).state);
  assert.deepEqual(states, ['ok', 'ok', 'fail', 'warn', 'not-run', 'fail']);
});

test('state-folder: there and not writable, not there and not to be made', async (t) => {
  const wants = { ...gatekeeperStation(temporaryFolder(t)), stateFolder: '/var/lib/linegate' };
  const look = (devices: Readonly<Record<string, boolean>>) =>
    find('state-folder', toolsFor({ ...pi4, devices }, { wants }));
  assert.match((await look({ '/var/lib/x': true })).sentence, /will make it/);
  assert.match((await look({})).sentence, /is not there, and the user linegate may not make it/);
  assert.match((await look({ '/var/lib/linegate': false })).sentence, /is not a folder/);
});
