import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { linegate } from '../test/support/cli.ts';
import { temporaryFolder } from '../test/support/folders.ts';
import { hasMosquitto } from '../test/support/mosquitto.ts';
import { assertRefused } from '../test/support/refused.ts';

const deb = 'linegate_1.0.0_arm64.deb';
const station = `schemaVersion: 1
station: template
recipe: machined-ring
stateFolder: state
line: { kind: simulator }
camera: { kind: simulator }
uplink: { kind: mqtt, url: "mqtts://broker:8883" }
`;

interface Desk {
  readonly folder: string;
  readonly at: (name: string) => string;
  readonly usual: readonly string[];
}

function desk(t: TestContext): Desk {
  const folder = temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  writeFileSync(at('station.yaml'), station);
  writeFileSync(at('stations.csv'), 'station,hostname\nline-1,\nline-2,cell-2\n');
  writeFileSync(at(deb), '!<arch>\ndebian-binary   1770000000  0     0     100644  4         `\n2.0\n');
  const usual = ['provision', '--station', at('station.yaml'), '--package', at(deb), '--out', at('cards')];
  return { folder, at, usual };
}

test('provision: a folder a card with the package in it, tokens for their owner alone, and never the same twice', async (t) => {
  const { at, usual } = desk(t);
  const made = await linegate(t, [...usual, '--list', at('stations.csv')]);
  assert.equal(made.exitCode, 0, made.stderr);
  assert.match(
    made.stdout,
    /line-1: .*cards\/line-1\nline-2: .*cards\/cell-2\n(cloud-init finds|NOT CHECKED by cloud-init)/,
  );
  assert.match(made.stdout, /NOBODY can log in/);
  assert.deepEqual(readFileSync(at(`cards/cell-2/linegate/${deb}`)), readFileSync(at(deb)));
  for (const name of ['line-1/linegate/token', 'central/tokens.csv', 'central/mosquitto-passwords']) {
    assert.equal(statSync(at(`cards/${name}`)).mode & 0o077, 0, name);
  }
  assertRefused(await linegate(t, usual), 2, /cards is not empty, and cards are not made twice/);
});

test('provision: bad input is refused before anything is written', async (t) => {
  const { at, usual } = desk(t);
  writeFileSync(at('private'), '-----BEGIN OPENSSH PRIVATE KEY-----\n');
  for (const [about, ...more] of [
    [/holds a private key/, '--user-key', at('private')],
    [/A Wi-Fi needs all three/, '--wifi', 'plant'],
    [/Names and hostnames are in the list/, '--list', at('stations.csv'), '--name', 'x'],
    [/is not named like a package of linegate/, '--package', at('stations.csv')],
  ] as const) {
    assertRefused(await linegate(t, [...usual, ...more]), 2, about);
    assert.ok(!existsSync(at('cards')));
  }
});

test('provision: a broker with the list lets each station in with its token, and nobody with another’s', async (t) => {
  if (!hasMosquitto()) {
    t.diagnostic('NOT RUN: mosquitto is not installed');
    return;
  }
  const { at, usual } = desk(t);
  const made = await linegate(t, [...usual, '--list', at('stations.csv')]);
  assert.equal(made.exitCode, 0, made.stderr);
  const url = await guardedBroker(t, at('cards/central/mosquitto-passwords'), at('mosquitto.conf'));
  const token = (host: string): string => readFileSync(at(`cards/${host}/linegate/token`), 'utf8').trim();
  const enter = async (username: string, password: string): Promise<void> => {
    const client = await connectAsync(url, { username, password, reconnectPeriod: 0, connectTimeout: 5000 });
    await client.endAsync();
  };
  await enter('line-1', token('line-1'));
  await enter('line-2', token('cell-2'));
  await assert.rejects(enter('line-1', token('cell-2')), /not authorized/i);
  await assert.rejects(enter('line-1', ''), /not authorized/i);
});

/** A mosquitto that takes nobody who is not in the file. */
async function guardedBroker(t: TestContext, passwords: string, config: string): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const user = process.getuid?.() === 0 ? 'user root\n' : '';
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous false\npassword_file ${passwords}\n${user}`);
  const broker = spawn('mosquitto', ['-c', config], { stdio: 'ignore' });
  t.after(() => broker.kill('SIGKILL'));
  const url = `mqtt://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries += 1) {
    // It is up once it refuses somebody.
    const why = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5000 }).catch((error: unknown) =>
      String(error),
    );
    if (typeof why === 'string' && /not authorized/i.test(why)) return url;
    await setTimeout(100);
  }
  throw new Error('mosquitto did not start');
}
