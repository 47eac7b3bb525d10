import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventRow, passRow } from '../../../test/contracts/ledger.ts';
import { SystemClock } from '../clock/system.ts';
import { FileJournal } from '../journal/file.ts';
import { readBootId } from './boot-id.ts';
import { readLedger, verifyLedger } from './read.ts';
import { SqliteLedger } from './sqlite.ts';

const KILLS = 25;
/** The first argument that makes this file the station that gets killed. */
const AS_STATION = 'as-station';

/**
 * A station without camera and gate: triggers in the journal, closed records in the ledger, few of them under way at a
 * time. Says on stdout what was acknowledged to it: `seq part`, part 0 for events. Ends when its stdin does.
 */
async function beStation(folder: string): Promise<void> {
  const clock = new SystemClock();
  const bootId = readBootId() ?? 'boot';
  const ledger = new SqliteLedger(join(folder, 'ledger.db'), { clock, bootId, flushMs: 3 });
  const journal = new FileJournal({ path: join(folder, 'line.journal'), bootId });
  const { firstPart } = await ledger.open();
  const left = journal.open();
  let running = true;
  process.stdin.on('end', () => {
    running = false;
  });
  process.stdin.resume();
  const record = async (part: number, urgent: boolean): Promise<void> => {
    const seq = await ledger.append(passRow(part, { urgent }));
    journal.acknowledged(part);
    writeSync(1, `${seq} ${part}\n`);
  };
  const early = left.open.map(({ part }) => record(part, true));
  writeSync(1, 'open\n');
  for (let part = Math.max(firstPart, left.lastPart + 1); running; part++) {
    journal.triggered(part, clock.nowNs());
    const records = [record(part, part % 5 === 0)];
    if (part % 7 === 0) records.push(ledger.append(eventRow('event')).then((seq) => void writeSync(1, `${seq} 0\n`)));
    // Up to three parts are under way at a time.
    if (part % 3 === 0) await Promise.all(records);
  }
  await Promise.all(early);
  await ledger.close(10_000);
  journal.close();
}

function startStation(folder: string): ChildProcess {
  const self = fileURLToPath(import.meta.url);
  return spawn(process.execPath, [self, AS_STATION, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Lets a station run until `waitMs` after it opened; returns what was acknowledged before its end. */
async function lived(folder: string, waitMs: number, end: (station: ChildProcess) => void): Promise<string[]> {
  const station = startStation(folder);
  const exited = once(station, 'exit');
  const acknowledged: string[] = [];
  assert.ok(station.stdout !== null);
  for await (const line of createInterface({ input: station.stdout })) {
    if (line === 'open') setTimeout(() => end(station), waitMs);
    else acknowledged.push(line);
  }
  await exited;
  return acknowledged;
}

async function killTest(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-kill-'));
  const path = join(folder, 'ledger.db');
  try {
    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS; round++) {
      acknowledged.push(...(await lived(folder, randomInt(40), (station) => station.kill('SIGKILL'))));
      const { findings } = await verifyLedger(path);
      assert.deepEqual(findings, [], `after kill ${round + 1}`);
    }
    acknowledged.push(...(await lived(folder, 0, (station) => station.stdin?.end())));
    assert.ok(acknowledged.length > KILLS, `${acknowledged.length} acknowledged rows prove little`);
    const stored = new Set<string>();
    for await (const { seq, kind, part } of readLedger(path)) if (kind !== 'gap') stored.add(`${seq} ${part ?? 0}`);
    const lost = acknowledged.filter((row) => !stored.has(row));
    assert.deepEqual(lost, [], 'acknowledged and not there');
    const { findings, open, gaps } = await verifyLedger(path);
    assert.deepEqual({ findings, open, gaps }, { findings: [], open: 0, gaps: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [, , role, folder] = process.argv;
if (role === AS_STATION && folder !== undefined) await beStation(folder);
else test(`ledger: after ${KILLS} kills at random moments nothing acknowledged is lost, no part is missing`, killTest);
