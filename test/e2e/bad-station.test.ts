// linegate run: configurations that a station must refuse, and faults that it must live with.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { verifyLedger } from '../../agent/adapters/ledger/read.ts';
import { randomOf } from '../../agent/core/render/prng.ts';
import { ledgerFile } from '../../agent/main.ts';
import { Cli, type Ended, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { mutations } from '../support/mutate.ts';
import { assertRefused } from '../support/refused.ts';

const calibration = {
  schemaVersion: 1,
  ...{ delayMs: 400, widthMs: 20, recoveryMs: 20, leadMs: 10, triggerDeadMs: 10 },
};
const common = { schemaVersion: 1, station: 'line-3', recipe: 'machined-ring', stateFolder: 'state' };
const onDesk = {
  kind: 'software',
  trigger: { kind: 'interval', everyMs: 100 },
  gate: { kind: 'none' },
  calibration: 'calibration.yaml',
};
const desk = { ...common, line: onDesk, camera: { kind: 'simulator' } };

/** What lies in the station's folder. */
interface Given {
  readonly station?: unknown;
  readonly stationText?: string | Uint8Array;
  readonly calibration?: unknown;
}

function folderWith(t: TestContext, given: Given): string {
  const folder = temporaryFolder(t);
  const text = given.stationText ?? JSON.stringify(given.station ?? desk);
  writeFileSync(path.join(folder, 'station.yaml'), text);
  writeFileSync(path.join(folder, 'calibration.yaml'), JSON.stringify(given.calibration ?? calibration));
  return folder;
}

function run(t: TestContext, folder: string): Promise<Ended> {
  return linegate(t, ['run', '--config', path.join(folder, 'station.yaml')]);
}

/** What is wrong, the exit status, and what the sentence must name. */
const refused: Readonly<Record<string, readonly [given: Given, exitCode: number, about: RegExp]>> = {
  'broken YAML': [{ stationText: 'line: {kind: [\n' }, 2, /station\.yaml is not valid on line/],
  'an empty file': [{ stationText: '' }, 2, /station\.yaml cannot be used/],
  'two documents': [{ stationText: `${JSON.stringify(desk)}\n---\n{}\n` }, 2, /several documents/],
  'a key twice': [
    { stationText: `${JSON.stringify(desk).slice(0, -1)}, "station": "b"}` },
    2,
    /station\.yaml is not valid/,
  ],
  'a file of 2 MB': [{ stationText: '#'.repeat(2e6) }, 2, /2000000 bytes/],
  noise: [{ stationText: Uint8Array.from({ length: 3000 }, (_, i) => (i * 2654435761) >>> 13) }, 2, /station\.yaml/],
  'a camera folder that is missing': [
    {
      station: { ...common, line: { ...onDesk, trigger: { kind: 'camera' } }, camera: { kind: 'folder', path: 'in' } },
    },
    2,
    /camera's folder .+in cannot be read/,
  ],
  'a calibration that is missing': [
    { station: { ...desk, line: { ...onDesk, calibration: 'none.yaml' } } },
    2,
    /calibration .+none\.yaml cannot be read/,
  ],
  'a calibration of the wrong type': [{ calibration: { ...calibration, delayMs: 'long' } }, 2, /delayMs is "long"/],
  'a calibration that cannot work': [
    { calibration: { ...calibration, delayMs: 30 } },
    2,
    /delayNs, 30000000, is too short/,
  ],
  'a gate by onoff without the package': [
    { station: { ...desk, line: { ...onDesk, gate: { kind: 'onoff', gpio: 17 } } } },
    3,
    /optional package onoff, .+npm install/,
  ],
  'a trigger by onoff without the package': [
    { station: { ...desk, line: { ...onDesk, trigger: { kind: 'onoff', gpio: 17 } } } },
    3,
    /optional package onoff, .+npm install/,
  ],
  'a camera by node-libcamera without the package': [
    { station: { ...desk, camera: { kind: 'node-libcamera' } } },
    3,
    /node-libcamera.+npm install/,
  ],
  'the engine tfjs-node without the package': [
    { station: { ...desk, classifier: { engine: 'tfjs-node' } } },
    3,
    /@tensorflow\/tfjs-node.+npm install/,
  ],
  'a recipe that is not there': [{ station: { ...desk, recipe: 'nix' } }, 2, /no recipe "nix"/],
  'a state folder that is a file': [
    { station: { ...desk, stateFolder: 'station.yaml' } },
    3,
    /state folder .+station\.yaml cannot be/,
  ],
};

suite('bad station', { concurrency: 2 }, () => {
  for (const [what, [given, exitCode, about]] of Object.entries(refused)) {
    test(`bad station: ${what}`, async (t) => {
      assertRefused(await run(t, folderWith(t, given)), exitCode, about);
    });
  }

  test('bad station: no file, and a folder for a file', async (t) => {
    const folder = folderWith(t, {});
    rmSync(path.join(folder, 'station.yaml'));
    assertRefused(await run(t, folder), 2, /station\.yaml cannot be read/);
    mkdirSync(path.join(folder, 'station.yaml'));
    assertRefused(await run(t, folder), 2, /station\.yaml cannot be read/);
  });

  // Every field of every document, mutated, is refused by the tests of agent/config; here a few go all the way.
  const random = randomOf(1, 1);
  const documents = { station: desk, calibration };
  for (const [name, document] of Object.entries(documents)) {
    const all = [...mutations(document)].filter(({ name: what }) => !/ missing$/.test(what));
    const drawn = Array.from({ length: 5 }, () => all[Math.floor(random() * all.length)]);
    for (const mutation of drawn) {
      test(`bad station: ${name}.yaml with ${mutation?.name}`, async (t) => {
        assertRefused(await run(t, folderWith(t, { [name]: mutation?.document })), 2, /cannot be used/);
      });
    }
  }
});

test('bad station: a broker that nobody is keeps no station from starting or stopping', async (t) => {
  const trigger = { kind: 'mqtt', url: 'mqtt://127.0.0.1:9', topic: 'line/3/part' };
  const folder = folderWith(t, { station: { ...desk, line: { ...onDesk, trigger } } });
  const station = new Cli(t, ['run', '--config', path.join(folder, 'station.yaml')], { timeoutMs: 30_000 });
  await station.says(/"event":"started"/);
  await station.says(/"state":"disconnected","detail":"The broker 127\.0\.0\.1:9 gives no triggers \(.*ECONNREFUSED/);
  station.kill('SIGTERM');
  const { exitCode, stdout, stderr } = await station.ended;
  assert.deepEqual([exitCode, stdout], [0, ''], stderr);
  const { ok, open, parts } = await verifyLedger(path.join(folder, 'state', ledgerFile));
  assert.deepEqual({ ok, open, parts }, { ok: true, open: 0, parts: 0 });
});
