import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { after, type TestContext, test } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import { SystemClock } from '../../agent/adapters/clock/system.ts';
import { MqttUplink } from '../../agent/adapters/uplink/mqtt.ts';
import { topicsOf } from '../../agent/core/sync/protocol.ts';
import type { UplinkChannel } from '../../agent/ports/uplink.ts';
import { uplinkContract } from '../contracts/uplink.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/folders.ts';
import { notRun, toolMissing } from '../support/not-run.ts';

// A night's test: LINEGATE_RABBITMQ=1 node test/run.ts test/e2e/receive-rabbitmq.test.ts. RabbitMQ takes long to start.

/** On a busy computer it takes most of a minute. */
const startMs = 150_000;
const server = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const name = 'the contract of the MQTT uplink on RabbitMQ';
const topics = topicsOf('s1');

if (process.env['LINEGATE_RABBITMQ'] !== '1') {
  test(name, () => notRun(name, 'set LINEGATE_RABBITMQ=1 to run it, as each night'));
} else if (!existsSync(server)) {
  test(name, () => toolMissing(name, 'rabbitmq-server'));
} else {
  const started = startRabbit({ after });
  uplinkContract('mqtt 3.1.1 on RabbitMQ', async (t) => onRabbit(t, await started));
}

async function onRabbit(t: TestContext, url: string) {
  const arrived: { channel: UplinkChannel; payload: Uint8Array }[] = [];
  const receiver = await clientOf(url);
  t.after(() => receiver.endAsync(true));
  receiver.on('message', (topic, payload, { retain }) => {
    const channel = (['batch', 'hello', 'state'] as const).find((one) => topics[one] === topic);
    // The state of the test before is retained.
    if (channel !== undefined && !retain) arrived.push({ channel, payload });
  });
  await receiver.subscribeAsync('edge/v1/s1/up/#', { qos: 1 });
  return {
    uplink: new MqttUplink({ clock: new SystemClock(), station: 's1', url, version: '3.1.1' }),
    arrived,
    ack: async (payload: Uint8Array) => {
      await receiver.publishAsync(topics.ack, Buffer.from(payload), { qos: 1 });
    },
    // A second connection under the same name: the broker throws the first one out, as if its cable were cut.
    cut: async () => {
      const twin = await connectAsync(url, { clientId: 'linegate-s1', reconnectPeriod: 0 });
      await twin.endAsync();
    },
    run: async (done: () => boolean) => void (await eventually(() => done() || undefined, 'what the contract asks')),
  };
}

function clientOf(url: string): Promise<MqttClient> {
  return connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5000 });
}

/** A RabbitMQ with its MQTT plugin on loopback, with files and a port mapper of its own, without root. */
async function startRabbit(t: Cleanup): Promise<string> {
  const folder = temporaryFolder(t);
  const [mqtt, amqp, dist, epmd] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const file = (part: string): string => path.join(folder, part);
  mkdirSync(file('home'));
  writeFileSync(file('enabled_plugins'), '[rabbitmq_mqtt].\n');
  const listeners = [`listeners.tcp.1 = 127.0.0.1:${amqp}`, `mqtt.listeners.tcp.1 = 127.0.0.1:${mqtt}`];
  writeFileSync(file('rabbitmq.conf'), [...listeners, 'mqtt.allow_anonymous = true', ''].join('\n'));
  const env = {
    ...process.env,
    HOME: file('home'),
    ERL_EPMD_PORT: `${epmd}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `linegate-${mqtt}@localhost`,
    RABBITMQ_DIST_PORT: `${dist}`,
    RABBITMQ_MNESIA_BASE: file('db'),
    RABBITMQ_LOG_BASE: file('log'),
    RABBITMQ_CONFIG_FILE: file('rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: file('none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins'),
  };
  const rabbit = spawn(server, [], { env, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  t.after(() => end(rabbit, env));
  await says(rabbit.stdout, /completed with \d+ plugins/);
  return `mqtt://127.0.0.1:${mqtt}`;
}

/** Resolves once it has printed that; rejects after `startMs`. */
function says(output: Readable, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`RabbitMQ has not started: ${text.slice(-500)}`)), startMs);
    output.setEncoding('utf8').on('data', (more: string) => {
      text = `${text}${more}`.slice(-10_000);
      if (!pattern.test(text)) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The server with all that it started, then its port mapper, which is a daemon. */
async function end(rabbit: ChildProcess, env: NodeJS.ProcessEnv): Promise<void> {
  const ended = rabbit.exitCode === null ? once(rabbit, 'exit') : Promise.resolve();
  if (rabbit.pid !== undefined) process.kill(-rabbit.pid, 'SIGKILL');
  await ended;
  await eventually(() => killed(env), 'the end of the port mapper');
}

function killed(env: NodeJS.ProcessEnv): true | undefined {
  try {
    const said = execFileSync('epmd', ['-kill'], {
      env,
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said.includes('Killed') ? true : undefined;
  } catch {
    // It is not there any more.
    return true;
  }
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}
