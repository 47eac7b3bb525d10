import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as moment } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { uplinkContract } from '../../../test/contracts/uplink.ts';
import { Inbox } from '../../../test/fixtures/bounded.ts';
import { hasMosquitto, Mosquitto } from '../../../test/support/mosquitto.ts';
import { toolMissing } from '../../../test/support/not-run.ts';
import { assertSentence } from '../../../test/support/sentence.ts';
import { topicsOf } from '../../core/sync/protocol.ts';
import type { UplinkChannel, UplinkEvent } from '../../ports/uplink.ts';
import { SystemClock } from '../clock/system.ts';
import { MqttUplink, type MqttUplinkOptions } from './mqtt.ts';

const topics = topicsOf('s1');

/** Real time in which waits are a tenth, so that a test of retries is short. */
class HastyClock extends SystemClock {
  readonly waitsMs: number[] = [];
  override at(atNs: number, action: () => void): () => void {
    const nowNs = this.nowNs();
    this.waitsMs.push((atNs - nowNs) / 1e6);
    return super.at(nowNs + (atNs - nowNs) / 10, action);
  }
}

function uplinkAt(url: string, more: Partial<MqttUplinkOptions> = {}): { uplink: MqttUplink; clock: HastyClock } {
  const clock = new HastyClock();
  return { clock, uplink: new MqttUplink({ clock, station: 's1', url, version: '3.1.1', ...more }) };
}

async function until(done: () => boolean): Promise<void> {
  const giveUpMs = performance.now() + 20_000;
  while (!done() && performance.now() < giveUpMs) await moment(2);
}

async function onMosquitto(t: TestContext, version: '3.1.1' | '5') {
  const broker = await Mosquitto.start(t);
  const arrived: { channel: UplinkChannel; payload: Uint8Array }[] = [];
  const receiver = await broker.client();
  t.after(() => receiver.endAsync(true));
  receiver.on('message', (topic, payload) => {
    const channel = (['batch', 'hello', 'state'] as const).find((one) => topics[one] === topic);
    if (channel !== undefined) arrived.push({ channel, payload });
  });
  await receiver.subscribeAsync('edge/v1/s1/up/#', { qos: 1 });
  return {
    uplink: uplinkAt(broker.url, { version, clock: new SystemClock() }).uplink,
    arrived,
    ack: async (payload: Uint8Array) => {
      await receiver.publishAsync(topics.ack, Buffer.from(payload), { qos: 1 });
    },
    // A second connection under the same name: the broker throws the first one out, as if its cable were cut.
    cut: async () => {
      const twin = await connectAsync(broker.url, { clientId: 'linegate-s1', reconnectPeriod: 0 });
      await twin.endAsync();
    },
    run: until,
  };
}

if (hasMosquitto()) {
  for (const version of ['3.1.1', '5'] as const) uplinkContract(`mqtt ${version}`, (t) => onMosquitto(t, version));

  test('mqtt uplink: whoever looks later finds the state, and the last will when the station died', async (t) => {
    const broker = await Mosquitto.start(t);
    const events = new Inbox<UplinkEvent>();
    const { uplink } = uplinkAt(broker.url);
    t.after(() => uplink.stop());
    await uplink.start(events.put);
    await events.count(1, 'events');
    await uplink.publish('state', Buffer.from('here'));
    const seen = new Inbox<string>();
    const watcher = await broker.client();
    t.after(() => watcher.endAsync(true));
    watcher.on('message', (_, payload) => seen.put(payload.toString()));
    await watcher.subscribeAsync(topics.state, { qos: 1 });
    await seen.first((text) => text === 'here', 'the state');
    const twin = uplinkAt(broker.url).uplink;
    t.after(() => twin.stop());
    await twin.start(() => undefined);
    const will = await seen.first((text) => text.includes('"online":false'), 'the last will');
    assert.equal(JSON.parse(will).v, 1);
  });
} else {
  test('mqtt uplink on a real broker', () => toolMissing('the contract of the MQTT uplink', 'mosquitto'));
}

test('mqtt uplink: a broker that is not there is told once and tried for ever, after waits of 1 to 60 s', async (t) => {
  const events = new Inbox<UplinkEvent>();
  const { uplink, clock } = uplinkAt('mqtt://127.0.0.1:1');
  t.after(() => uplink.stop());
  await uplink.start(events.put);
  await until(() => clock.waitsMs.length >= 4);
  const [event] = await events.count(1, 'events');
  assert.equal(events.all.length, 1);
  assert.ok(event?.kind === 'disconnected');
  assertSentence(event.reason);
  assert.match(event.reason, /The broker 127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED/);
  for (const [index, waitMs] of clock.waitsMs.slice(0, 4).entries()) {
    assert.ok(waitMs >= 999 && waitMs <= Math.min(60_000, 2000 * 2 ** index), `wait ${index} of ${waitMs} ms`);
  }
});

test('mqtt uplink: ends in a bounded time, whatever the broker does', async (t) => {
  const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  t.after(() => silent.close());
  await until(() => silent.listening);
  const address = silent.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { uplink } = uplinkAt(`mqtt://127.0.0.1:${address.port}`);
  await uplink.start(() => undefined);
  const sinceMs = performance.now();
  await uplink.stop();
  assert.ok(performance.now() - sinceMs < 2000);
});

test('mqtt uplink: a file that is missing or holds something else is told at the start', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'linegate-uplink-'));
  const nonsense = path.join(folder, 'nonsense.pem');
  writeFileSync(nonsense, 'nonsense');
  const missing = path.join(folder, 'missing');
  const cases: [Partial<MqttUplinkOptions>, RegExp][] = [
    [{ passwordFile: missing }, /uplink\.passwordFile .*missing cannot be read/],
    [{ caFile: missing }, /uplink\.caFile .*missing cannot be read/],
    [{ caFile: nonsense }, /uplink\.caFile .*nonsense\.pem holds no certificate/],
    [{ certFile: nonsense }, /belong together/],
    [{ certFile: nonsense, keyFile: nonsense }, /cannot be used together/],
  ];
  for (const [files, sentence] of cases) {
    await assert.rejects(
      uplinkAt('mqtts://127.0.0.1:1', files).uplink.start(() => undefined),
      (error: Error) => {
        assertSentence(error.message);
        assert.match(error.message, sentence);
        return true;
      },
    );
  }
});
