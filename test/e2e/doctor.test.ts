// `linegate doctor`: a whole look at the computer that runs the tests.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { Cli, document, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { assertRefused } from '../support/refused.ts';
import { assertSentence } from '../support/sentence.ts';

interface Finding {
  readonly id: string;
  readonly state: string;
  readonly sentence: string;
  readonly whatToDo: string | null;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** A station on a desk that waits for pictures which never come. */
function deskStation(t: TestContext): string {
  const folder = temporaryFolder(t);
  mkdirSync(path.join(folder, 'in'));
  const calibration = { schemaVersion: 1, delayMs: 400, widthMs: 20, recoveryMs: 20, triggerDeadMs: 10 };
  writeFileSync(path.join(folder, 'calibration.yaml'), JSON.stringify(calibration));
  const line = {
    kind: 'software',
    trigger: { kind: 'camera' },
    gate: { kind: 'none' },
    calibration: 'calibration.yaml',
  };
  const camera = { kind: 'folder', path: 'in' };
  const station = { schemaVersion: 1, station: 'desk', recipe: 'machined-ring', stateFolder: 'state', line, camera };
  writeFileSync(path.join(folder, 'station.yaml'), JSON.stringify(station));
  return path.join(folder, 'station.yaml');
}

function findingsOf(told: Record<string, unknown>): Map<string, Finding> {
  const findings = told['findings'] as Finding[];
  for (const { sentence, whatToDo } of findings) {
    assertSentence(sentence);
    if (whatToDo !== null) assertSentence(whatToDo);
  }
  return new Map(findings.map((finding) => [finding.id, finding]));
}

test('doctor: a station that has not run yet; the text and the document agree; nothing is left behind', async (t) => {
  const station = deskStation(t);
  const ended = await linegate(t, ['doctor', '--station', station, '--json']);
  const told = document(ended);
  assert.equal(ended.exitCode, told['state'] === 'fail' ? 1 : 0);
  const findings = findingsOf(told);
  for (const id of [
    'model',
    'model-operators',
    'model-speed',
    'camera',
    'state-folder',
    'ledger',
    'disk-write',
    'telemetry',
  ])
    assert.equal(findings.get(id)?.state, 'ok', JSON.stringify(findings.get(id)));
  assert.deepEqual(readdirSync(path.dirname(station)).sort(), ['calibration.yaml', 'in', 'station.yaml']);
  const text = await linegate(t, ['doctor', '--station', station]);
  assert.equal(text.exitCode, ended.exitCode);
  for (const id of findings.keys()) assert.match(text.stdout, new RegExp(`^  (ok|WARN|FAIL|-) +${id} `, 'm'));
});

test('doctor: beside a running station, which goes on and whose own figures are told', async (t) => {
  const station = deskStation(t);
  const agent = new Cli(t, ['run', '--config', station]);
  await agent.says(/"started"/);
  const told = document(await linegate(t, ['doctor', '--station', station, '--json']));
  const findings = findingsOf(told);
  assert.deepEqual(findings.get('ledger')?.figures['journal'], 'wal');
  assert.equal(findings.get('ledger')?.state, 'ok');
  assert.match(findings.get('model-speed')?.sentence ?? '', /running station has judged no part yet/);
  const telemetry = findings.get('telemetry');
  assert.deepEqual([telemetry?.state, telemetry?.figures['withTelemetry']], ['ok', 0]);
  assert.ok(Number(telemetry?.figures['modelProcesses']) >= 1);
  const status = document(
    await linegate(t, ['status', '--state', path.join(path.dirname(station), 'state'), '--json']),
  );
  assert.equal(status['running'], true);
  agent.kill('SIGTERM');
  assert.equal((await agent.ended).exitCode, 0);
});

test('doctor: one check alone; what cannot be asked is refused', async (t) => {
  const ended = await linegate(t, ['doctor', '--only', 'kernel', '--json']);
  const findings = findingsOf(document(ended));
  assert.deepEqual([...findings.keys()], ['kernel']);
  assert.equal(ended.exitCode, 0);
  assertRefused(
    await linegate(t, ['doctor', '--only', 'nonsense']),
    2,
    /There is no check "nonsense"; the checks are kernel/,
  );
  assertRefused(await linegate(t, ['doctor', '--camera-seconds', '0']), 2, /give --camera-seconds from 1 to 60/);
  assertRefused(await linegate(t, ['doctor', '--station', '/none/station.yaml']), 2, /\/none\/station\.yaml/);
});
