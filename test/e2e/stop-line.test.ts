import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as moment } from 'node:timers/promises';
import { Cli, document, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { notRun } from '../support/not-run.ts';

const what = 'a full disk that stops the line';

/** A disk of a few megabytes; undefined where this user may not make one. */
function smallDisk(t: TestContext): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'linegate-test-'));
  t.after(() => {
    spawnSync('umount', ['-l', folder], { timeout: 10_000 });
    rmSync(folder, { recursive: true, force: true });
  });
  const options = ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder];
  return spawnSync('mount', options, { timeout: 10_000 }).status === 0 ? folder : undefined;
}

/** A station on a line without an end. */
function startStation(t: TestContext, stateFolder: string, whenFull: string): Cli {
  const config = path.join(temporaryFolder(t), 'station.yaml');
  const station = {
    schemaVersion: 1,
    station: 'small-disk',
    recipe: 'machined-ring',
    stateFolder,
    line: { kind: 'simulator', partsPerSecond: 10, parts: 0 },
    camera: { kind: 'simulator' },
    pictures: { keep: 'none' },
    storage: { ballastMegabytes: 1, whenFull },
  };
  writeFileSync(config, JSON.stringify(station));
  return new Cli(t, ['run', '--config', config], { timeoutMs: 120_000 });
}

/** Somebody else's program takes all that is left, and what becomes free, until the station says that the disk is full. */
async function fillUntilNoticed(station: Cli, folder: string): Promise<string[]> {
  const fillers: string[] = [];
  const giveUpMs = performance.now() + 60_000;
  while (!/"id":"disk-full"/.test(station.stderr)) {
    assert.ok(performance.now() < giveUpMs, `the station noticed no full disk: ${station.stderr.slice(-1000)}`);
    const { bavail, bsize } = statfsSync(folder);
    const filler = path.join(folder, `filler-${fillers.length}`);
    fillers.push(filler);
    try {
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    } catch {
      // The station was writing too: full is full.
    }
    await moment(200);
  }
  return fillers;
}

test('stop-line: a full disk ends the line, and every part that came has its record', async (t) => {
  const disk = smallDisk(t);
  if (disk === undefined) return notRun(what, 'this user may not mount a tmpfs');
  const state = path.join(disk, 'state');
  const station = startStation(t, state, 'stop-line');
  await station.says(/"event":"started"/);
  const fillers = await fillUntilNoticed(station, disk);
  for (const filler of fillers) rmSync(filler, { force: true });
  // The line has no end of its own, and nobody tells the station to stop.
  const ended = await station.ended;
  assert.equal(ended.exitCode, 0, ended.stderr.slice(-2000));
  const report = document(await linegate(t, ['ledger', 'verify', '--state', state, '--json']));
  assert.deepEqual([report['ok'], report['gaps'], report['open']], [true, 0, 0], JSON.stringify(report));
  assert.ok(Number(report['parts']) > 10, `${report['parts']} parts`);
});
