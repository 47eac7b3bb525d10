import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { triggerContract } from '../../../test/contracts/trigger.ts';
import { Inbox } from '../../../test/fixtures/bounded.ts';
import { TestBroker } from '../../../test/fixtures/mqtt-broker.ts';
import type { Clock } from '../../ports/clock.ts';
import { SystemClock } from '../clock/system.ts';
import { MqttTrigger, type MqttTriggerState } from './mqtt.ts';

const TOPIC = 'line/part';

/** Real time in which waits are a hundredth, so that a test of retries is short. */
class HastyClock extends SystemClock implements Clock {
  readonly waitsMs: number[] = [];
  override at(atNs: number, action: () => void): () => void {
    const nowNs = this.nowNs();
    this.waitsMs.push((atNs - nowNs) / 1e6);
    return super.at(nowNs + (atNs - nowNs) / 100, action);
  }
}

async function waitFor(done: () => boolean): Promise<void> {
  const giveUpMs = performance.now() + 10_000;
  while (!done() && performance.now() < giveUpMs) await new Promise((resolve) => setTimeout(resolve, 1));
}

triggerContract('mqtt', async () => {
  const broker = new TestBroker();
  const port = await broker.start();
  const clock = new SystemClock();
  const states = new Inbox<MqttTriggerState>();
  const url = `mqtt://127.0.0.1:${port}`;
  const source = new MqttTrigger({ clock, url, topic: TOPIC, onState: states.put, onIgnored: assert.fail });
  return {
    source,
    clock,
    poke: async () => {
      await states.first((state) => state.kind === 'connected', 'the connection');
      broker.publish(TOPIC, Buffer.alloc(0));
    },
    run: waitFor,
    close: () => broker.stop(),
  };
});

interface Watched {
  readonly broker: TestBroker;
  readonly port: number;
  readonly trigger: MqttTrigger;
  readonly clock: HastyClock;
  readonly states: Inbox<MqttTriggerState>;
  readonly ignored: Inbox<string>;
  readonly fired: Inbox<number>;
}

async function watched(t: TestContext, broker = new TestBroker(), credentials = ''): Promise<Watched> {
  const port = await broker.start();
  const clock = new HastyClock();
  const states = new Inbox<MqttTriggerState>();
  const ignored = new Inbox<string>();
  const fired = new Inbox<number>();
  const url = `mqtt://${credentials}127.0.0.1:${port}`;
  const trigger = new MqttTrigger({ clock, url, topic: TOPIC, onState: states.put, onIgnored: ignored.put });
  t.after(async () => {
    await trigger.stop();
    await broker.stop();
  });
  return { broker, port, trigger, clock, states, ignored, fired };
}

test('mqtt trigger: subscribes its one topic; a payload that is retained or huge is no trigger', async (t) => {
  const { broker, trigger, states, ignored, fired } = await watched(t);
  await trigger.start(fired.put);
  await states.first((state) => state.kind === 'connected', 'the connection');
  assert.deepEqual(broker.subscribed.all, [TOPIC]);
  broker.publish(TOPIC, Buffer.from('old'), true);
  broker.publish(TOPIC, Buffer.alloc(1025));
  broker.publish(TOPIC, Buffer.alloc(1024));
  broker.publish(TOPIC, Uint8Array.of(0xff, 0xfe, 0));
  await fired.count(2, 'triggers');
  assert.deepEqual(ignored.all, [
    'A retained message is not a trigger: it tells of a part that passed before.',
    'A message of 1025 bytes is not a trigger: the longest has 1024.',
  ]);
});

test('mqtt trigger: a broker that is not there is told once and tried until it is, with its password in no text', async (t) => {
  const { broker, port, trigger, clock, states, fired } = await watched(t, new TestBroker(), 'user:secret@');
  await broker.stop();
  await trigger.start(fired.put);
  await states.count(1, 'states');
  await waitFor(() => clock.waitsMs.length >= 8);
  assert.equal(states.all.length, 1);
  const [state] = states.all;
  assert.equal(state?.kind, 'disconnected');
  assert.match(
    JSON.stringify(state),
    /The broker 127\.0\.0\.1:\d+ gives no triggers \(.*ECONNREFUSED.*\); trying again until it does\./,
  );
  for (const [index, waitMs] of clock.waitsMs.slice(0, 8).entries()) {
    const fullMs = Math.min(500 * 2 ** index, 30_000);
    assert.ok(waitMs >= fullMs / 2 - 1 && waitMs <= fullMs, `wait ${index} of ${waitMs} ms`);
  }
  await broker.start(port);
  await states.first((s) => s.kind === 'connected', 'the connection');
  broker.publish(TOPIC, Buffer.from('now'));
  await fired.count(1, 'triggers');
});

test('mqtt trigger: after each lost connection it subscribes again, and nothing piles up', async (t) => {
  const { broker, trigger, states, fired } = await watched(t);
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => {
    warnings.push(warning.message);
  };
  process.on('warning', onWarning);
  t.after(() => process.off('warning', onWarning));
  await trigger.start(fired.put);
  for (let round = 1; round <= 15; round++) {
    await states.count(2 * round - 1, 'states');
    broker.publish(TOPIC, Buffer.from('now'));
    await fired.count(round, 'triggers');
    broker.drop();
  }
  await states.count(31, 'states');
  const kinds = states.all.map((state) => state.kind);
  assert.deepEqual(kinds.slice(0, 4), ['connected', 'disconnected', 'connected', 'disconnected']);
  assert.deepEqual(warnings, []);
});

test('mqtt trigger: a refused subscription is told and asked for again', async (t) => {
  const { broker, trigger, states, fired } = await watched(t);
  broker.refuse = true;
  await trigger.start(fired.put);
  const state = await states.first((s) => s.kind === 'disconnected', 'the refusal');
  assert.match(JSON.stringify(state), /it refuses the topic line\/part/);
  broker.refuse = false;
  await states.first((s) => s.kind === 'connected', 'the connection');
});

test('mqtt trigger: garbage and a message without end only cost the connection', async (t) => {
  const { broker, trigger, states, fired } = await watched(t);
  await trigger.start(fired.put);
  await states.count(1, 'states');
  broker.send(Buffer.alloc(64, 0xff));
  await states.count(3, 'states');
  const hugeHeader = Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f);
  broker.send(Buffer.concat([hugeHeader, Buffer.alloc(2_000_000)]));
  await states.count(5, 'states');
  broker.publish(TOPIC, Buffer.from('now'));
  await fired.count(1, 'triggers');
});
