import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { deflateSync, inflateSync } from 'node:zlib';
import type { MqttClient } from 'mqtt';
import { topicsOf, type WireAck } from '../../agent/core/sync/protocol.ts';
import { readAck, unpack } from '../../agent/core/sync/wire.ts';
import { ReceiverStore } from '../../central/receiver/store.ts';
import {
  batchesOf,
  emptyLedger,
  type FakeLedger,
  helloOf,
  textOf,
  worked,
} from '../../central/receiver/testing/station.ts';
import { Cli, document, linegate } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/folders.ts';
import { hasMosquitto, Mosquitto } from '../support/mosquitto.ts';
import { toolMissing } from '../support/not-run.ts';
import { assertRefused } from '../support/refused.ts';

const codec = {
  deflate: (bytes: Uint8Array) => deflateSync(bytes),
  inflate: (bytes: Uint8Array, mostBytes: number) => inflateSync(bytes, { maxOutputLength: mostBytes }),
};

/** A station's side of the protocol, as simple as it can be: sends all it has again until it is acknowledged. */
class Sender {
  readonly acks: WireAck[] = [];
  maxContig = 0;
  readonly #client: MqttClient;
  readonly #station: string;

  constructor(client: MqttClient, station: string) {
    this.#client = client;
    this.#station = station;
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => {
      if (topic !== topicsOf(station).ack) return;
      const ack = readAck(unpack(payload, 'ack', codec));
      this.acks.push(ack);
      this.maxContig = Math.max(this.maxContig, ack.maxContig);
    });
  }

  async open(): Promise<void> {
    await this.#client.subscribeAsync(topicsOf(this.#station).ack, { qos: 1 });
  }

  async publish(channel: 'batch' | 'hello' | 'state', text: string | Uint8Array): Promise<void> {
    const payload = Buffer.from(text);
    const bytes = payload.length > 1024 && channel === 'batch' ? deflateSync(payload) : payload;
    await this.#client.publishAsync(topicsOf(this.#station)[channel], bytes, { qos: 1 });
  }

  /** Everything after what is acknowledged, at most `most` batches of 100 rows. */
  async push(ledger: FakeLedger, most: number): Promise<void> {
    const first = this.maxContig + 1;
    const end = Math.min(ledger.rows.length, first + most * 100 - 1);
    const sent: Promise<void>[] = [];
    for (let from = first; from <= end; from += 100) {
      sent.push(this.publish('batch', textOf(ledger, from, Math.min(from + 99, end))));
    }
    await Promise.all(sent);
  }
}

async function senderTo(t: TestContext, broker: Mosquitto, station: string): Promise<Sender> {
  const client = await broker.client();
  t.after(() => client.endAsync(true));
  const sender = new Sender(client, station);
  await sender.open();
  return sender;
}

async function receiverAt(t: TestContext, url: string, db: string, more: string[] = []): Promise<Cli> {
  const receiver = new Cli(t, ['receive', '--mqtt', url, '--db', db, ...more]);
  await receiver.says(/Connected to the broker/);
  return receiver;
}

async function audited(t: TestContext, db: string): Promise<{ ok: boolean; stations: Record<string, unknown>[] }> {
  return document(await linegate(t, ['receive', '--db', db, '--verify', '--json'])) as never;
}

test('receive: killed again and again while rows stream in, each row is there exactly once', async (t) => {
  if (!hasMosquitto())
    return toolMissing(
      'receive: killed again and again while rows stream in, each row is there exactly once',
      'mosquitto',
    );
  const broker = await Mosquitto.start(t);
  const db = path.join(temporaryFolder(t), 'plant.db');
  const ledger = worked(emptyLedger('e1'), 6000);
  const station = await senderTo(t, broker, 'press-1');
  let receiver = await receiverAt(t, broker.url, db);
  for (let life = 0; life < 5; life += 1) {
    const before = station.acks.length;
    await station.publish('hello', JSON.stringify(helloOf(ledger, 'e1', null)));
    void station.push(ledger, 8);
    await eventually(() => (station.acks.length > before + 1 ? true : undefined), 'an acknowledgement');
    receiver.kill('SIGKILL');
    await receiver.ended;
    receiver = await receiverAt(t, broker.url, db);
  }
  await eventually(async () => {
    if (station.maxContig === ledger.rows.length) return true;
    await station.push(ledger, 16);
    return undefined;
  }, 'the last acknowledgement');
  receiver.kill('SIGTERM');
  const ended = await receiver.ended;
  assert.equal(ended.exitCode, 0, ended.stderr);
  assert.match(ended.stderr, /Stopped: \d+ batches taken, 0 in conflict, 0 messages unreadable\./);
  const { ok, stations } = await audited(t, db);
  assert.equal(ok, true, JSON.stringify(stations));
  const { rows: count, parts, maxContig, head } = stations[0] ?? {};
  const rows = ledger.rows.length;
  assert.deepEqual(
    { count, parts, maxContig, head },
    { count: rows, parts: 6000, maxContig: rows, head: ledger.head.hash },
  );
});

test('receive: poison of one station does not stop the others, over MQTT 5 too', async (t) => {
  if (!hasMosquitto())
    return toolMissing('receive: poison of one station does not stop the others, over MQTT 5 too', 'mosquitto');
  const broker = await Mosquitto.start(t);
  const db = path.join(temporaryFolder(t), 'plant.db');
  const receiver = await receiverAt(t, broker.url, db, ['--mqtt-version', '5']);
  const poisoned = await senderTo(t, broker, 'press-1');
  const good = await senderTo(t, broker, 'press-2');
  const ledger = worked(emptyLedger('e1'), 500);
  const twisted = textOf(ledger, 1, 50).replace('"part":7,', '"part":8,');
  const poisons = ['', 'nonsense', '{}', Buffer.from([0x78, 1, 2, 3]), deflateSync(Buffer.alloc(50_000_000)), twisted];
  poisons.push(textOf(ledger, 1, 50).replace('"v":1', '"v":2'));
  for (const poison of poisons) await poisoned.publish('batch', poison);
  await poisoned.publish('hello', '{"v":1}');
  await poisoned.publish('state', '[]');
  await good.publish('state', JSON.stringify({ v: 1, online: true, wallMs: 1 }));
  await good.push(ledger, 10);
  await eventually(() => (good.maxContig === ledger.rows.length ? true : undefined), 'the others’ acknowledgement');
  const reasons = await eventually(() => {
    const all = poisoned.acks.flatMap(({ reject }) => reject.map(({ reason }) => reason));
    return all.length >= 2 ? all.toSorted() : undefined;
  }, 'the rejects');
  assert.deepEqual(reasons, ['corrupt', 'version']);
  receiver.kill('SIGINT');
  const ended = await receiver.ended;
  assert.match(ended.stderr, /0 in conflict, 9 messages unreadable/);
  assert.equal((await audited(t, db)).ok, true);
});

test('receive: waits for a broker that comes later, and comes back to one that was gone', async (t) => {
  if (!hasMosquitto())
    return toolMissing(
      'receive: waits for a broker that comes later, and comes back to one that was gone',
      'mosquitto',
    );
  const broker = await Mosquitto.start(t);
  await broker.kill();
  const db = path.join(temporaryFolder(t), 'plant.db');
  const receiver = new Cli(t, ['receive', '--mqtt', broker.url, '--db', db]);
  await receiver.says(/is out of reach .*trying again/);
  await broker.up();
  await receiver.says(/Connected/);
  await broker.kill();
  await receiver.says(/Connected[\s\S]*out of reach/);
  await broker.up();
  await receiver.says(/Connected[\s\S]*Connected/);
  receiver.kill('SIGTERM');
  assert.equal((await receiver.ended).exitCode, 0);
});

test('receive: with a broker of its own, one station, two lives', async (t) => {
  const db = path.join(temporaryFolder(t), 'plant.db');
  const receiver = new Cli(t, ['receive', '--broker', '0', '--db', db]);
  await receiver.says(/Connected to the broker/);
  const url = /mqtt:\/\/127\.0\.0\.1:\d+/.exec(receiver.stderr)?.[0];
  assert.ok(url !== undefined);
  const { connectAsync } = await import('mqtt');
  const client = await connectAsync(url, { reconnectPeriod: 0 });
  t.after(() => client.endAsync(true));
  const station = new Sender(client, 'press-1');
  await station.open();
  const ledger = worked(emptyLedger('e1'), 300);
  await station.push(ledger, 10);
  await eventually(() => (station.maxContig === ledger.rows.length ? true : undefined), 'the acknowledgement');
  receiver.kill('SIGTERM');
  assert.equal((await receiver.ended).exitCode, 0);
  const told = await linegate(t, ['receive', '--db', db, '--verify']);
  assert.match(told.stdout, /^Station press-1, epoch e1: whole, 312 rows, 0 spans, 300 parts, all up to row 312\.\n$/);
});

test('receive: a batch in quarantine is listed and dropped with a reason, and then the audit is content', async (t) => {
  const db = path.join(temporaryFolder(t), 'plant.db');
  const store = new ReceiverStore(db);
  const base = worked(emptyLedger('e1'), 9);
  for (const ledger of [worked(base, 9), worked(base, 9, 'another')]) {
    for (const batch of batchesOf(ledger, 9)) store.commit([{ station: 'press-1', batch }], 1);
  }
  store.close();
  assert.equal((await audited(t, db)).ok, false);
  const listed = await linegate(t, ['receive', '--db', db, '--quarantine']);
  assert.match(listed.stdout, /^Batch 1, .*: station press-1, epoch e1, rows 10 to 18\.\n {2}Row/);
  const dropped = await linegate(t, ['receive', '--db', db, '--drop', '1', '--reason', 'two cards ran at once']);
  assert.equal(dropped.exitCode, 0, dropped.stderr);
  const told = await linegate(t, ['receive', '--db', db, '--verify']);
  assert.equal(told.exitCode, 0);
  assert.match(told.stdout, /: whole, 18 rows, .*, 1 batch dropped by hand\.\n$/);
  assert.match(
    (await linegate(t, ['receive', '--db', db, '--quarantine'])).stdout,
    /Dropped .*: two cards ran at once/,
  );
  assertRefused(await linegate(t, ['receive', '--db', db, '--drop', '1', '--reason', 'x']), 2, /no batch 1/);
});

test('receive: whatever is wrong with what it is given is one plain sentence', async (t) => {
  const db = path.join(temporaryFolder(t), 'plant.db');
  const refused: [string[], number, RegExp][] = [
    [[], 2, /either --mqtt .* or --broker/],
    [['--mqtt', 'http://host'], 2, /"http:\/\/host" is not the URL of an MQTT broker/],
    [['--broker', '70000'], 2, /--broker is 70000/],
    [['--broker', '0', '--mqtt-version', '5'], 2, /speaks MQTT 3\.1\.1 only/],
    [['--json', '--broker', '0'], 2, /--json goes with --verify/],
    [['--verify'], 3, /There is no database at/],
    [['--quarantine'], 3, /There is no database at/],
    [['--verify', '--drop', '1', '--reason', 'x'], 2, /one thing at a time: --verify or --drop/],
    [['--drop', '1'], 2, /--drop and --reason belong together/],
    [['--quarantine', '--broker', '0'], 2, /--quarantine uses the file alone/],
    [['--broker', '0', '--ca', 'ca.pem'], 2, /begins with mqtts/],
  ];
  for (const [args, exitCode, about] of refused) {
    assertRefused(await linegate(t, ['receive', '--db', db, ...args]), exitCode, about);
  }
});
