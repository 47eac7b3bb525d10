import { lookup } from 'node:dns/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { readSecrets, type UplinkSecrets } from '../../adapters/uplink/secrets.ts';
import type { StationConfig } from '../../config/station.ts';
import { messageOf } from '../../core/errors.ts';
import type { BrokerLook, BrokerStep } from '../probes.ts';

type Broker = Extract<StationConfig['uplink'], { kind: 'mqtt' }>;
type Publish = BrokerLook['publish'];

const stepMs = 4000;
const notAuthorised = 135;

/** Goes the way to the broker step by step, as a client of its own name, and says how far it came. Never rejects. */
export async function lookAtBroker(uplink: Broker, station: string): Promise<BrokerLook> {
  // Receivers listen to batch, hello and state only.
  const topic = `edge/v1/${station}/up/doctor`;
  const ms: Partial<Record<BrokerStep, number>> = {};
  let step: BrokerStep = 'files';
  const timed = async <T>(name: BrokerStep, work: () => Promise<T>): Promise<T> => {
    step = name;
    const startMs = performance.now();
    const result = await bounded(work());
    ms[name] = performance.now() - startMs;
    return result;
  };
  let publish: Publish = 'unknown';
  try {
    const { hostname, port, protocol } = new URL(uplink.url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const secure = protocol === 'mqtts:';
    const at = { host, port: Number(port) || (secure ? 8883 : 1883) };
    const secrets = await timed('files', async () => readSecrets(uplink));
    await timed('name', () => lookup(host));
    await timed('tcp', () => opened(connectTcp(at), 'connect'));
    if (secure)
      await timed('tls', () => opened(connectTls({ ...at, servername: nameFor(host), ...secrets }), 'secureConnect'));
    const client = await timed('login', () => login(uplink, station, secrets));
    try {
      publish = await timed('publish', () => tryPublish(client, topic));
    } finally {
      client.end(true);
    }
    return { ms, failed: null, publish, topic };
  } catch (error) {
    return { ms, failed: { step, detail: messageOf(error).replace(/\.$/, '') }, publish, topic };
  }
}

/** An address is no server name. */
function nameFor(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}

async function bounded<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${stepMs / 1000} s`)), stepMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function opened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  socket.setTimeout(stepMs, () => socket.destroy());
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('it hung up')));
    socket.once(event, () => {
      resolve();
      socket.destroy();
    });
  });
}

/** MQTT 5 tells why something is refused; a broker that does not speak it is asked with 3.1.1. */
async function login(uplink: Broker, station: string, secrets: UplinkSecrets): Promise<MqttClient> {
  const options: IClientOptions = {
    clientId: `linegate-${station}-doctor`,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: stepMs / 2,
    rejectUnauthorized: true,
    ...(uplink.username === undefined ? {} : { username: uplink.username }),
    ...secrets,
  };
  try {
    return await connectAsync(uplink.url, { ...options, protocolVersion: 5 });
  } catch (error) {
    if (uplink.version === '5' || !/version|protocol|closed|timeout/i.test(messageOf(error))) throw error;
    return connectAsync(uplink.url, { ...options, protocolVersion: 4 });
  }
}

function tryPublish(client: MqttClient, topic: string): Promise<Publish> {
  client.on('error', () => undefined);
  const told = client.options.protocolVersion === 5;
  return new Promise((resolve, reject) => {
    client.once('close', () => resolve('refused'));
    client.publish(topic, '{}', { qos: 1 }, (error) => {
      if (!error) return resolve(told ? 'allowed' : 'unknown');
      if ('code' in error && error.code === notAuthorised) return resolve('refused');
      reject(error);
    });
  });
}
