import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { noiseFrame } from '../../test/contracts/pictures.ts';
import { notRun } from '../../test/support/not-run.ts';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import { StatfsDisk } from '../adapters/disk/statfs.ts';
import { FolderPictures } from '../adapters/pictures/folder.ts';
import type { AlarmInput } from '../core/alarms/input.ts';
import type { NewRow } from '../ports/ledger.ts';
import { Housekeeping, type HousekeepingOptions } from './housekeeping.ts';

/** A disk of 1000 bytes that holds pictures, passes and other things. */
function house(holds: { pictures: number; passes: number; other: number }, more: Partial<HousekeepingOptions> = {}) {
  const clock = new VirtualClock();
  const rows: NewRow[] = [];
  const inputs: AlarmInput[] = [];
  const faults: string[] = [];
  let stops = 0;
  const housekeeping = new Housekeeping({
    clock,
    disk: {
      async usage() {
        const used = holds.pictures + holds.passes + holds.other;
        return { usedShare: used / 1000, freeBytes: 1000 - used, totalBytes: 1000 };
      },
    },
    pictures: {
      async drop(sizeBytes) {
        const dropped = Math.min(sizeBytes, holds.pictures);
        holds.pictures -= dropped;
        return dropped;
      },
    },
    async fold() {
      const folded = Math.min(50, holds.passes);
      holds.passes -= folded;
      return folded;
    },
    ledger: { append: async (row) => rows.push(row) },
    dropPicturesAt: 0.8,
    foldPassesAt: 0.9,
    whenFull: 'stop-line',
    stopLine: () => {
      stops += 1;
    },
    take: (input) => inputs.push(input),
    onFault: (message) => faults.push(message),
    ...more,
  });
  const runTo = async (seconds: number): Promise<void> => {
    let there = false;
    clock.at(seconds * 1e9, () => {
      there = true;
    });
    await clock.run(() => there);
  };
  const told = (): string[] => rows.map(({ outcome }) => outcome);
  return { holds, housekeeping, rows, told, inputs, faults, runTo, stops: () => stops };
}

test('housekeeping: gives nothing up while there is room, and looks each 10 s', async () => {
  const { housekeeping, told, inputs, runTo, holds } = house({ pictures: 400, passes: 200, other: 199 });
  housekeeping.start();
  await runTo(35);
  assert.deepEqual(told(), []);
  assert.deepEqual(inputs, Array(4).fill({ kind: 'disk', usedShare: 0.799, full: false }));
  assert.deepEqual(housekeeping.usage, { usedShare: 0.799, freeBytes: 201, totalBytes: 1000 });
  await housekeeping.stop();
  await runTo(100);
  assert.deepEqual([inputs.length, holds.pictures], [4, 400]);
});

test('housekeeping: pictures go first, and no more of them than must', async () => {
  const { housekeeping, told, rows, runTo, holds } = house({ pictures: 400, passes: 300, other: 200 });
  housekeeping.start();
  await runTo(25);
  await housekeeping.stop();
  assert.deepEqual(told(), ['pictures-dropped']);
  assert.deepEqual(rows[0]?.payload, { droppedBytes: 120, usedShare: 0.9 });
  assert.deepEqual(holds, { pictures: 280, passes: 300, other: 200 });
});

test('housekeeping: then passes, some at a time; from 80 to 90 % they stay', async () => {
  const { housekeeping, told, runTo, holds } = house({ pictures: 10, passes: 500, other: 450 });
  housekeeping.start();
  await runTo(55);
  await housekeeping.stop();
  // The ledger itself tells of the folds.
  assert.deepEqual(told(), ['pictures-dropped']);
  // 960 - 10, then 50 at a look until it is below 90 %.
  assert.deepEqual(holds, { pictures: 0, passes: 400, other: 450 });
});

test('housekeeping: full with nothing left stops the line once, and says when there is room again', async () => {
  const { housekeeping, told, inputs, stops, runTo, holds } = house({ pictures: 0, passes: 0, other: 985 });
  housekeeping.start();
  await runTo(25);
  assert.deepEqual([told(), stops()], [['disk-full'], 1]);
  assert.deepEqual(inputs.at(-1), { kind: 'disk', usedShare: 0.985, full: true });
  // Not yet: it would be full again at once.
  holds.other = 970;
  await runTo(35);
  assert.deepEqual(told(), ['disk-full']);
  holds.other = 500;
  await runTo(45);
  assert.deepEqual(told(), ['disk-full', 'disk-freed']);
  holds.other = 990;
  await runTo(55);
  await housekeeping.stop();
  assert.deepEqual([told().length, stops()], [3, 2]);
});

test('housekeeping: goes on without records where that is configured', async () => {
  const { housekeeping, told, stops, runTo } = house({ pictures: 0, passes: 0, other: 1000 }, { whenFull: 'drop' });
  housekeeping.start();
  await runTo(5);
  await housekeeping.stop();
  assert.deepEqual([told(), stops()], [['disk-full'], 0]);
});

test('housekeeping: what fails is told, and tried again', async () => {
  let looks = 0;
  const { housekeeping, faults, inputs, runTo } = house(
    { pictures: 0, passes: 0, other: 0 },
    {
      disk: {
        async usage() {
          looks += 1;
          if (looks === 1) throw new Error('The disk is gone.');
          return { usedShare: 0.1, freeBytes: 9, totalBytes: 10 };
        },
      },
    },
  );
  housekeeping.start();
  await runTo(15);
  await housekeeping.stop();
  await housekeeping.stop();
  assert.deepEqual([faults, inputs.length], [['The disk is gone.'], 1]);
});

/** A file system of 2 MB, gone after the test; null where this user may not mount one. */
function tinyDisk(t: TestContext): string | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'linegate-disk-'));
  let mounted = false;
  t.after(() => {
    if (mounted) execFileSync('umount', ['-l', folder], { stdio: 'ignore', timeout: 10_000 });
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore', timeout: 10_000 });
    mounted = true;
    return folder;
  } catch {
    return null;
  }
}

test('housekeeping: keeps a real small disk below its limit by dropping real pictures', async (t) => {
  const folder = tinyDisk(t);
  if (folder === null) return notRun('housekeeping on a real small disk', 'this user may not mount a tmpfs');
  const pictures = new FolderPictures({
    folder: path.join(folder, 'pictures'),
    maxMegabytes: 500,
    onFault: assert.fail,
  });
  await pictures.start();
  writeFileSync(path.join(folder, 'other'), Buffer.alloc(300_000));
  for (let part = 1; part <= 20; part += 1)
    assert.ok(await pictures.keep(`${part % 2 === 0 ? 'pass' : 'reject'}/${part}.png`, noiseFrame(256, 256, part)));
  const disk = new StatfsDisk(folder);
  assert.ok((await disk.usage()).usedShare > 0.8);
  const { housekeeping, told, inputs, runTo } = house({ pictures: 0, passes: 0, other: 0 }, { disk, pictures });
  housekeeping.start();
  await housekeeping.stop();
  await runTo(1);
  assert.deepEqual(told(), ['pictures-dropped']);
  const { usedShare } = await disk.usage();
  assert.ok(usedShare < 0.8 && usedShare > 0.6, `${usedShare}`);
  assert.equal(inputs.length, 1);
  await pictures.stop();
});
