import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { linegate } from '../test/support/cli.ts';
import { temporaryFolder } from '../test/support/folders.ts';
import { assertRefused } from '../test/support/refused.ts';

const station = {
  schemaVersion: 1,
  station: 'line-3',
  recipe: 'machined-ring',
  stateFolder: 'state',
  line: {
    kind: 'gatekeeper',
    calibration: 'calibration.yaml',
    inputs: { trigger: { chip: 'pinctrl-rp1', line: 'GPIO17' } },
    outputs: { gate: { chip: 'pinctrl-rp1', line: 'GPIO27' } },
  },
  camera: { kind: 'node-libcamera' },
};
const calibration = { schemaVersion: 1, delayMs: 400, widthMs: 20, recoveryMs: 20, leadMs: 10, triggerDeadMs: 10 };

function folderWith(t: TestContext, changed: object = {}): string {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, 'station.yaml'), JSON.stringify({ ...station, ...changed }));
  writeFileSync(path.join(folder, 'calibration.yaml'), JSON.stringify(calibration));
  return folder;
}

test('gatekeeper-conf: prints the file, or writes it whole, by the station’s own folder', async (t) => {
  const folder = folderWith(t);
  const printed = await linegate(t, ['gatekeeper-conf', '--station', path.join(folder, 'station.yaml')]);
  assert.equal(printed.exitCode, 0, printed.stderr);
  assert.match(printed.stdout, /^station line-3\n(.*\n)*delay 400000000\n/);
  const written = await linegate(t, ['gatekeeper-conf', '--out', 'gatekeeper.conf'], { cwd: folder });
  assert.deepEqual([written.exitCode, written.stdout, written.stderr], [0, '', '']);
  assert.equal(readFileSync(path.join(folder, 'gatekeeper.conf'), 'utf8'), printed.stdout);
  assert.deepEqual(readdirSync(folder).sort(), ['calibration.yaml', 'gatekeeper.conf', 'station.yaml']);
});

test('gatekeeper-conf: a station without a gatekeeper and a place that cannot be written are refused', async (t) => {
  const simulated = folderWith(t, { line: { kind: 'simulator' }, camera: { kind: 'simulator' } });
  assertRefused(await linegate(t, ['gatekeeper-conf'], { cwd: simulated }), 2, /line\.kind "simulator"/);
  const folder = folderWith(t);
  const out = ['gatekeeper-conf', '--out', 'nowhere/gatekeeper.conf'];
  assertRefused(await linegate(t, out, { cwd: folder }), 3, /nowhere\/gatekeeper\.conf cannot be written/);
});
