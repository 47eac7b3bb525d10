// Stations without a line: parts that a message or a file announces.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { renderRing, ringDomains } from '../../agent/core/render/ring.ts';
import { Cli, checkout, document, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { hasMosquitto, Mosquitto } from '../support/mosquitto.ts';
import { toolMissing } from '../support/not-run.ts';

/** A folder with a station.yaml and the calibration of the examples. */
function stationFolder(t: TestContext, station: Record<string, unknown>): string {
  const folder = temporaryFolder(t);
  copyFileSync(path.join(checkout, 'docs/examples/calibration.yaml'), path.join(folder, 'calibration.yaml'));
  const document = {
    schemaVersion: 1,
    station: 'desk',
    recipe: 'machined-ring',
    stateFolder: 'state',
    ...station,
  };
  writeFileSync(path.join(folder, 'station.yaml'), JSON.stringify({ log: { level: 'debug' }, ...document }));
  return folder;
}

function start(t: TestContext, folder: string): Cli {
  return new Cli(t, ['run', '--config', path.join(folder, 'station.yaml')]);
}

async function recorded(station: Cli, part: number): Promise<void> {
  await station.says(new RegExp(`"event":"recorded","part":${part},`));
}

async function audit(t: TestContext, folder: string): Promise<Record<string, unknown>> {
  return document(await linegate(t, ['ledger', 'verify', '--json', '--state', path.join(folder, 'state')]));
}

test('a desk: each message on a Mosquitto is a part, also after the broker was gone', async (t) => {
  if (!hasMosquitto()) {
    toolMissing('triggers by MQTT', 'mosquitto');
    return;
  }
  const broker = await Mosquitto.start(t);
  const trigger = { kind: 'mqtt', url: broker.url, topic: 'line/3/part' };
  const line = { kind: 'software', trigger, gate: { kind: 'none' }, calibration: 'calibration.yaml' };
  const folder = stationFolder(t, { line, camera: { kind: 'simulator' } });
  const station = start(t, folder);
  await station.says(/"state":"connected"/);
  await publish(broker, 3);
  await recorded(station, 3);
  await broker.kill();
  await station.says(/"state":"(?!connected)/);
  await broker.up();
  await station.says(/"state":"(?!connected).*\n(?:.*\n)*?.*"state":"connected"/);
  await publish(broker, 2);
  await recorded(station, 5);
  station.kill('SIGTERM');
  assert.equal((await station.ended).exitCode, 0);
  const { ok, parts, gaps } = await audit(t, folder);
  assert.deepEqual({ ok, parts, gaps }, { ok: true, parts: 5, gaps: 0 });
});

async function publish(broker: Mosquitto, parts: number): Promise<void> {
  const client = await broker.client();
  for (let part = 0; part < parts; part += 1) {
    await client.publishAsync('line/3/part', '', { qos: 1 });
    // Closer than the calibration's dead time they would be one part.
    await setTimeout(60);
  }
  await client.endAsync();
}

test('a desk: each picture in a folder is a part, and what is no picture is left alone', async (t) => {
  const line = {
    kind: 'software',
    trigger: { kind: 'camera' },
    gate: { kind: 'none' },
    calibration: 'calibration.yaml',
  };
  const folder = stationFolder(t, {
    line,
    camera: { kind: 'folder', path: 'in', existing: 'inspect' },
    pictures: { keep: 'all' },
  });
  const pictures = path.join(folder, 'in');
  mkdirSync(pictures);
  for (const seed of [1, 2, 3]) await writeRing(path.join(pictures, `${seed}.png`), seed);
  writeFileSync(path.join(pictures, 'broken.jpg'), Buffer.from('ffd8ffe000104a46', 'hex'));
  writeFileSync(path.join(pictures, 'note.png'), 'no picture');
  const station = start(t, folder);
  await recorded(station, 3);
  await writeRing(path.join(pictures, 'late.png'), 4);
  await recorded(station, 4);
  station.kill('SIGINT');
  assert.equal((await station.ended).exitCode, 0);
  const { ok, parts } = await audit(t, folder);
  assert.deepEqual({ ok, parts }, { ok: true, parts: 4 });
  assert.ok(existsSync(path.join(pictures, 'broken.jpg')) && existsSync(path.join(pictures, 'note.png')));
  const kept = readdirSync(path.join(folder, 'state', 'pictures'), { recursive: true }).map(String);
  assert.equal(kept.filter((name) => name.endsWith('.png')).length, 4);
  assert.match(station.stderr, /broken\.jpg cannot be used/);
});

async function writeRing(file: string, seed: number): Promise<void> {
  const sizePx = 160;
  const rgb = renderRing({ seed, ringClass: 'dent', severity: 1, domain: ringDomains.standard, sizePx });
  await sharp(rgb, { raw: { width: sizePx, height: sizePx, channels: 3 } })
    .png()
    .toFile(file);
}
