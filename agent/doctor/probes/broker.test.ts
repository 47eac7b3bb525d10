import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { hasMosquitto, Mosquitto } from '../../../test/support/mosquitto.ts';
import { toolMissing } from '../../../test/support/not-run.ts';
import { uplinkSchema } from '../../config/upkeep.ts';
import type { BrokerLook } from '../probes.ts';
import { lookAtBroker } from './broker.ts';

const password = 'secret';

function uplink(folder: string, url: string, given: Readonly<Record<string, unknown>> = {}) {
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`);
  const parsed = uplinkSchema.parse({ kind: 'mqtt', url, username: 'press', passwordFile, ...given });
  assert.ok(parsed.kind === 'mqtt');
  return parsed;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A Mosquitto that lets the station write its own topics only, and others write none. */
async function guarded(t: Parameters<typeof temporaryFolder>[0], folder: string): Promise<string> {
  const port = await freePort();
  const file = (name: string): string => path.join(folder, name);
  const hashed = spawnSync('mosquitto_passwd', ['-b', '-c', file('passwords'), 'press', password]);
  assert.equal(hashed.status, 0, 'mosquitto_passwd comes with mosquitto');
  spawnSync('mosquitto_passwd', ['-b', file('passwords'), 'guest', password]);
  writeFileSync(file('acl'), 'user press\ntopic write edge/v1/press/up/#\ntopic read edge/v1/press/down/#\n');
  const settings = [`listener ${port} 127.0.0.1`, 'allow_anonymous false', `password_file ${file('passwords')}`];
  writeFileSync(file('conf'), `${[...settings, `acl_file ${file('acl')}`, 'user root'].join('\n')}\n`);
  const broker = spawn('mosquitto', ['-c', file('conf')], { stdio: 'ignore' });
  t.after(() => broker.kill('SIGKILL'));
  return `mqtt://127.0.0.1:${port}`;
}

/** Tries until the broker is up. */
async function eventually(look: () => Promise<BrokerLook>): Promise<BrokerLook> {
  for (let tries = 0; ; tries += 1) {
    const answer = await look();
    if (answer.failed?.step !== 'tcp' || tries === 100) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('broker: rights and passwords, told apart', async (t) => {
  if (!hasMosquitto()) return toolMissing('the doctor at a broker', 'mosquitto');
  const folder = temporaryFolder(t);
  const url = await guarded(t, folder);
  const allowed = await eventually(() => lookAtBroker(uplink(folder, url), 'press'));
  assert.deepEqual([allowed.failed, allowed.publish], [null, 'allowed']);
  assert.deepEqual(Object.keys(allowed.ms), ['files', 'name', 'tcp', 'login', 'publish']);
  const refused = await lookAtBroker(uplink(folder, url, { username: 'guest' }), 'press');
  assert.deepEqual([refused.failed, refused.publish], [null, 'refused']);
  const stranger = await lookAtBroker(uplink(folder, url, { username: 'nobody' }), 'press');
  assert.equal(stranger.failed?.step, 'login');
  const noTls = await lookAtBroker(uplink(folder, url.replace('mqtt:', 'mqtts:')), 'press');
  assert.equal(noTls.failed?.step, 'tls');
});

test('broker: the station’s own connection stays while the doctor looks', async (t) => {
  if (!hasMosquitto()) return toolMissing('the doctor beside a station', 'mosquitto');
  const broker = await Mosquitto.start(t);
  const { connectAsync } = await import('mqtt');
  const station = await connectAsync(broker.url, { clientId: 'linegate-press', reconnectPeriod: 0 });
  let closed = false;
  station.on('close', () => {
    closed = true;
  });
  const look = await lookAtBroker(uplink(temporaryFolder(t), broker.url), 'press');
  assert.equal(look.failed, null);
  assert.equal(closed, false);
  await station.endAsync();
});

test('broker: no name, nobody there, nobody who answers, files that are missing', async (t) => {
  const folder = temporaryFolder(t);
  const step = async (url: string, given = {}) =>
    (await lookAtBroker(uplink(folder, url, given), 'press')).failed?.step;
  assert.equal(await step('mqtt://linegate.invalid'), 'name');
  assert.equal(await step(`mqtt://127.0.0.1:${await freePort()}`), 'tcp');
  assert.equal(await step('mqtt://127.0.0.1', { caFile: `${folder}/none.pem` }), 'files');
  const mute = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const address = mute.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  t.after(() => mute.close());
  assert.equal(await step(`mqtt://127.0.0.1:${port}`, { version: '5' }), 'login');
});
