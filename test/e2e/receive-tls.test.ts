import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { Cli, document, linegate } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/folders.ts';
import { hasMosquitto } from '../support/mosquitto.ts';
import { toolMissing } from '../support/not-run.ts';
import { assertRefused } from '../support/refused.ts';
import { assertSentence } from '../support/sentence.ts';
import { authority, certificate, secureBroker } from './receive-broker.ts';

/** A station on the simulated line, and what it says of itself. */
class Station {
  readonly cli: Cli;
  readonly #t: TestContext;
  readonly #state: string;

  constructor(t: TestContext, folder: string, name: string, uplink: Record<string, string>) {
    this.#t = t;
    this.#state = path.join(folder, `state-${name}`);
    mkdirSync(this.#state);
    const config = path.join(folder, `${name}.yaml`);
    const line = { kind: 'simulator', partsPerSecond: 4, parts: 0, seed: 1 };
    const about = { schemaVersion: 1, station: name, recipe: 'machined-ring', stateFolder: this.#state };
    const document = { ...about, line, camera: { kind: 'simulator' }, uplink: { kind: 'mqtt', ...uplink } };
    writeFileSync(config, JSON.stringify(document));
    this.cli = new Cli(t, ['run', '--config', config], { timeoutMs: 120_000 });
  }

  /** Waits until status and log say the same one sentence of the uplink, and returns it. */
  async saysOfUplink(pattern: RegExp): Promise<string> {
    const detail = await eventually(async () => {
      const ended = await linegate(this.#t, ['status', '--state', this.#state, '--json']);
      // It may not have begun yet.
      if (ended.stdout === '') return undefined;
      const { station } = document(ended) as { station: { uplink: { detail: string | null } } | null };
      const said = station?.uplink.detail ?? '';
      return pattern.test(said) ? said : undefined;
    }, `a status that says ${pattern}`);
    assertSentence(detail);
    assert.ok(this.cli.stderr.includes(JSON.stringify(detail).slice(1, -1)), `the log does not say: ${detail}`);
    return detail;
  }

  async stop(): Promise<void> {
    this.cli.kill('SIGTERM');
    const ended = await this.cli.ended;
    assert.equal(ended.exitCode, 0, ended.stderr.slice(-1000));
  }
}

/** Who may say and hear what: a station its own topics, a receiver those of all. */
const ACL = `pattern write edge/v1/%u/up/#
pattern read edge/v1/%u/down/#
user receiver
topic read edge/v1/+/up/#
topic write edge/v1/+/down/#
`;

test('receive: with client certificates on both sides, records arrive and whoever has none stays out', async (t) => {
  if (!hasMosquitto()) return toolMissing('receive with client certificates', 'mosquitto');
  const folder = temporaryFolder(t);
  authority(folder, 'plant');
  for (const name of ['broker', 'receiver', 'press-1']) certificate(folder, name, 'plant');
  const file = (name: string): string => path.join(folder, name);
  writeFileSync(file('acl'), ACL);
  const lines = [`cafile ${file('plant.pem')}`, 'require_certificate true', 'use_identity_as_username true'];
  const url = await secureBroker(t, folder, 'broker', [...lines, `acl_file ${file('acl')}`]);
  const db = file('plant.db');
  const ca = ['receive', '--mqtt', url, '--db', db, '--ca', file('plant.pem')];
  const stranger = new Cli(t, ca);
  await stranger.says(/is out of reach/);
  stranger.kill('SIGTERM');
  await stranger.ended;
  const receiver = new Cli(t, [...ca, '--cert', file('receiver.pem'), '--key', file('receiver.key')]);
  await receiver.says(/Connected to the broker/);
  const secrets = { caFile: file('plant.pem'), certFile: file('press-1.pem'), keyFile: file('press-1.key') };
  const station = new Station(t, folder, 'press-1', { url, ...secrets });
  // Under another name it may connect, and what it publishes is thrown away without a word.
  const forged = new Station(t, folder, 'press-2', { url, ...secrets });
  await station.cli.says(/"event":"uplink".*"connected"|"state":"connected"/);
  await forged.cli.says(/nothing comes back/);
  await forged.saysOfUplink(/nothing comes back: .*does not let this station publish to its up topics/);
  await forged.stop();
  await station.stop();
  receiver.kill('SIGTERM');
  await receiver.ended;
  const { ok, stations } = document(await linegate(t, ['receive', '--db', db, '--verify', '--json'])) as {
    ok: boolean;
    stations: { station: string; parts: number }[];
  };
  assert.equal(ok, true);
  assert.deepEqual(
    stations.map((one) => one.station),
    ['press-1'],
  );
  assert.ok((stations[0]?.parts ?? 0) > 0);
});

test('receive: wrong password, wrong authority, expired certificate: each is one sentence in status and log', async (t) => {
  if (!hasMosquitto()) return toolMissing('a broker with TLS and passwords', 'mosquitto');
  const folder = temporaryFolder(t);
  for (const name of ['plant', 'other']) authority(folder, name);
  certificate(folder, 'broker', 'plant');
  certificate(folder, 'expired', 'plant', -1);
  const file = (name: string): string => path.join(folder, name);
  writeFileSync(file('users'), '');
  execFileSync('mosquitto_passwd', ['-b', file('users'), 'press', 'right'], { stdio: 'ignore' });
  writeFileSync(file('wrong'), 'guess\n');
  const lines = ['allow_anonymous false', `password_file ${file('users')}`];
  const url = await secureBroker(t, folder, 'broker', lines);
  const expired = await secureBroker(t, folder, 'expired', lines);
  const user = { username: 'press', passwordFile: file('wrong') };
  const cases: [Record<string, string>, RegExp][] = [
    [{ url, ...user, caFile: file('plant.pem') }, /\(Connection refused: Not authorized\)|Bad User Name or Password/i],
    [{ url, ...user, caFile: file('other.pem') }, /unable to verify|unable to get local issuer|self-signed/],
    [{ url: expired, ...user, caFile: file('plant.pem') }, /certificate has expired/],
  ];
  const stations = cases.map(([uplink], index) => new Station(t, folder, `press-${index}`, uplink));
  for (const [index, station] of stations.entries()) await station.saysOfUplink(cases[index]?.[1] ?? /never/);
  await Promise.all(stations.map((station) => station.stop()));
});

test('receive: a PEM file that is missing or holds something else is one plain sentence', async (t) => {
  const folder = temporaryFolder(t);
  const nonsense = path.join(folder, 'nonsense.pem');
  writeFileSync(nonsense, 'nonsense');
  const mqtts = ['receive', '--db', path.join(folder, 'a.db'), '--mqtt', 'mqtts://127.0.0.1:1'];
  assertRefused(await linegate(t, [...mqtts, '--ca', path.join(folder, 'none')]), 2, /--ca .*none cannot be read/);
  assertRefused(await linegate(t, [...mqtts, '--ca', nonsense]), 2, /holds no certificate/);
  assertRefused(await linegate(t, [...mqtts, '--cert', nonsense]), 2, /belong together/);
  assertRefused(await linegate(t, [...mqtts, '--cert', nonsense, '--key', nonsense]), 2, /cannot be used together/);
});
