import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventRow, passRow } from '../../../test/contracts/ledger.ts';
import type { NewRow } from '../../ports/ledger.ts';
import { SystemClock } from '../clock/system.ts';
import { Ballast } from './ballast.ts';
import type { LedgerState } from './group-commit.ts';
import { readLedger, verifyLedger } from './read.ts';
import { SqliteLedger } from './sqlite.ts';
import type { SpaceOptions } from './sqlite-store.ts';

const filling = 'x'.repeat(700);

function tempFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-space-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A file system in memory, or null, said loudly, where it cannot be mounted. */
function smallDisk(t: TestContext, megabytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-space-'));
  const { status } = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  t.after(() => {
    if (status === 0) spawnSync('/bin/umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  if (status === 0) return folder;
  t.diagnostic('NOT RUN: mounting a small file system needs root');
  return null;
}

/** Every hundredth part is a reject. */
function rowOf(part: number): NewRow {
  const reject = part % 100 === 0;
  return passRow(part, {
    outcome: reject ? 'reject' : 'pass',
    payload: { label: reject ? 'crack' : 'normal', filling },
  });
}

interface Line {
  readonly ledger: SqliteLedger;
  readonly states: LedgerState[];
  /** Runs parts over the line, a hundred a commit. */
  run(from: number, to: number): Promise<void>;
}

async function lineAt(path: string, space: SpaceOptions): Promise<Line> {
  const states: LedgerState[] = [];
  const onState = (state: LedgerState): unknown => states.push(state);
  const ledger = new SqliteLedger(path, { clock: new SystemClock(), bootId: 'boot', onState }, space);
  await ledger.open();
  const run = async (from: number, to: number): Promise<void> => {
    for (let part = from; part <= to; part += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => ledger.append(rowOf(part + index))));
    }
  };
  return { ledger, states, run };
}

/** All parts are accounted for: rejects by rows, passes by rows or by folds, and the totals know them all. */
async function assertAllThere({ ledger }: Line, path: string, parts: number): Promise<void> {
  await ledger.append(eventRow('minute', { kind: 'summary' }));
  await ledger.close(5000);
  const report = await verifyLedger(path);
  assert.deepEqual([report.findings, report.gaps, report.open], [[], 0, 0]);
  assert.equal(report.parts + report.folded, parts);
  assert.ok(report.folded > 0);
  const rejects: number[] = [];
  let totals: unknown;
  for await (const { outcome, part, kind, payload } of readLedger(path)) {
    if (outcome === 'reject') rejects.push(Number(part));
    if (kind === 'summary') totals = (JSON.parse(payload) as { totals: { outcomes: unknown } }).totals.outcomes;
  }
  assert.deepEqual(
    rejects,
    Array.from({ length: parts / 100 }, (_, index) => (index + 1) * 100),
  );
  assert.deepEqual(totals, { pass: parts * 0.99, reject: parts / 100 });
}

test('space: at its own limit the ledger gives up passes, and the line runs on', async (t) => {
  const path = join(tempFolder(t), 'ledger.db');
  const line = await lineAt(path, { maxMegabytes: 2, keepNewest: 600 });
  await line.run(1, 10_000);
  assert.deepEqual(line.states, []);
  assert.ok(statSync(path).size <= 2e6, `${statSync(path).size} bytes`);
  await assertAllThere(line, path, 10_000);
});

test('space: with nothing left to give up it waits as on any full disk, and starts all the same', {
  timeout: 60_000,
}, async (t) => {
  const path = join(tempFolder(t), 'ledger.db');
  const line = await lineAt(path, { maxMegabytes: 1, keepNewest: 1e6 });
  const running = assert.rejects(line.run(1, 3000), { code: 'illegal-input', message: /closed: not open/ });
  while (line.states.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(line.states[0]?.state, 'failing');
  await assert.rejects(line.ledger.close(50), { code: 'ledger' });
  await running;
  // The next one is in this process, too: until its thread has ended, the first one keeps its lock.
  await line.ledger.abandon();
  for (let boot = 0; boot < 20; boot++) {
    const options = { clock: new SystemClock(), bootId: `boot ${boot}` };
    const next = new SqliteLedger(path, options, { maxMegabytes: 0.001, keepNewest: 1e6 });
    assert.equal((await next.open()).previous, 'power-cut');
    await next.abandon();
  }
  assert.deepEqual((await verifyLedger(path)).findings, []);
});

test('space: on a full disk the ballast makes the room to give up passes; it comes back when there is some', {
  timeout: 60_000,
}, async (t) => {
  const disk = smallDisk(t, 24);
  if (disk === null) return;
  const path = join(disk, 'ledger.db');
  const line = await lineAt(path, { ballastBytes: 6e6, keepNewest: 600 });
  assert.equal(statSync(`${path}.ballast`).size, 6e6);
  // Whatever else fills the disk: the ledger has some 8 MB.
  writeFileSync(join(disk, 'others'), Buffer.alloc(10e6));
  await line.run(1, 30_000);
  assert.deepEqual(line.states, []);
  assert.equal(existsSync(`${path}.ballast`), false, 'the disk was never full');
  rmSync(join(disk, 'others'));
  await line.run(30_001, 40_000);
  assert.equal(statSync(`${path}.ballast`).size, 6e6);
  await assertAllThere(line, path, 40_000);
});

test('ballast: is made only where there is room for it twice, and is not a file of holes', (t) => {
  const folder = tempFolder(t);
  const path = join(folder, 'ballast');
  const ballast = new Ballast(path, 100_000);
  assert.equal(ballast.restore(), true);
  assert.ok(statSync(path).blocks * 512 >= 100_000);
  assert.equal(ballast.restore(), false, 'it is there');
  assert.equal(ballast.drop(), true);
  assert.equal(ballast.drop(), false);
  const { bavail, bsize } = statfsSync(folder);
  assert.equal(new Ballast(path, bavail * bsize).restore(), false);
  assert.equal(new Ballast(path, 0).restore(), false);
  assert.equal(existsSync(path), false);
});
