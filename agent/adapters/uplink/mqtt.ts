import type { IClientOptions, MqttClient } from 'mqtt';
import { messageOf } from '../../core/errors.ts';
import { protocolVersion, topicsOf, type WireState } from '../../core/sync/protocol.ts';
import { limits } from '../../core/sync/wire.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Uplink, UplinkChannel, UplinkEvent } from '../../ports/uplink.ts';
import type { UplinkFiles, UplinkSecrets } from './secrets.ts';

export interface MqttUplinkOptions extends UplinkFiles {
  readonly clock: Clock;
  readonly station: string;
  /** Such as mqtts://host:8883. */
  readonly url: string;
  readonly version: '3.1.1' | '5';
  readonly username?: string | undefined;
}

const nsPerMs = 1e6;
const shortestWaitMs = 1000;
const longestWaitMs = 60_000;
/** A connection that lived so long was a good one: the next wait is short again. */
const goodMs = 10_000;
const connectMs = 10_000;
const goodbyeMs = 1000;
/**
 * mqtt-packet keeps for ever a few bytes for each length of packet that it has written. They come from Node's pool of small
 * buffers and keep alive the 64 kB block that they were cut from: 18 MB after a thousand batches, measured.
 */
const smallPoolBytes = 1024;
/** Messages that the library may hold: a window of batches, and as much again for hellos, states and repetitions. */
const mostUnderWay = 2 * limits.credit;
/** What may arrive before a packet is whole; the library itself would hold 256 MB. */
const mostPartialBytes = 2 * limits.largestBytes;

/**
 * MQTT 3.1.1 or 5 with QoS 1. Each connection is a new client with a clean session, so that nothing is held over: the sync
 * sends again what was not acknowledged. The server's certificate is always checked.
 */
export class MqttUplink implements Uplink {
  readonly #options: MqttUplinkOptions;
  readonly #topics;
  readonly #underWay = new Set<(taken: boolean) => void>();
  #secrets: UplinkSecrets = {};
  #listener: ((event: UplinkEvent) => void) | undefined;
  #client: MqttClient | undefined;
  #cancelRetry: () => void = () => undefined;
  #connectedNs: number | null = null;
  /** `connected`, or why not. */
  #told: string | undefined;
  #tries = 0;
  #lastError = '';

  constructor(options: MqttUplinkOptions) {
    this.#options = options;
    this.#topics = topicsOf(options.station);
  }

  async start(listener: (event: UplinkEvent) => void): Promise<void> {
    // With what Node has for TLS, which a station without an uplink need not load.
    const { readSecrets } = await import('./secrets.ts');
    this.#secrets = readSecrets(this.#options);
    Buffer.poolSize = smallPoolBytes;
    const { connect } = await import('mqtt');
    this.#listener = listener;
    this.#connect(connect);
  }

  async publish(channel: UplinkChannel, payload: Uint8Array): Promise<boolean> {
    const client = this.#client;
    if (client === undefined || this.#connectedNs === null || this.#underWay.size >= mostUnderWay) return false;
    return new Promise((resolve) => {
      const done = (taken: boolean): void => {
        this.#underWay.delete(done);
        resolve(taken);
      };
      this.#underWay.add(done);
      const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
      client.publish(this.#topics[channel], bytes, { qos: 1, retain: channel === 'state' }, (error) => done(!error));
    });
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#listener = undefined;
    this.#client = undefined;
    this.#cancelRetry();
    if (client === undefined) return;
    await this.#goodbye(client);
    this.#lose();
  }

  #connect(connect: (url: string, options: IClientOptions) => MqttClient): void {
    const client = connect(this.#options.url, this.#clientOptions());
    this.#client = client;
    this.#lastError = 'the connection was closed';
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      client.end(true);
      if (this.#client === client) this.#retryLater(() => this.#connect(connect));
    };
    client.on('error', (error) => {
      this.#lastError = messageOf(error);
      // The library stays on a connection whose bytes it could not read.
      end();
    });
    client.on('close', end);
    client.on('connect', () => this.#subscribe(client, end));
    client.on('message', (topic, payload) => {
      if (this.#client === client && topic === this.#topics.ack) this.#listener?.({ kind: 'ack', payload });
    });
    boundPartial(client);
  }

  #clientOptions(): IClientOptions {
    const { clock, station, version, username } = this.#options;
    const will: WireState = { v: protocolVersion, online: false, wallMs: clock.wallMs() };
    return {
      clientId: `linegate-${station}`,
      protocolVersion: version === '5' ? 5 : 4,
      clean: true,
      keepalive: 30,
      connectTimeout: connectMs,
      // Its own retries come at a fixed pace, all stations of a plant at once.
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      rejectUnauthorized: true,
      will: { topic: this.#topics.state, payload: Buffer.from(JSON.stringify(will)), qos: 1, retain: true },
      ...(username === undefined ? {} : { username }),
      ...this.#secrets,
    };
  }

  #subscribe(client: MqttClient, end: () => void): void {
    const topic = this.#topics.ack;
    client.subscribe(topic, { qos: 1 }, (error) => {
      if (this.#client !== client) return;
      if (error) {
        this.#lastError = `it refuses the topic ${topic} (${messageOf(error)})`;
        end();
        return;
      }
      this.#connectedNs = this.#options.clock.nowNs();
      this.#tell({ kind: 'connected' });
    });
  }

  #retryLater(retry: () => void): void {
    const { clock, url } = this.#options;
    const livedMs = this.#connectedNs === null ? 0 : (clock.nowNs() - this.#connectedNs) / nsPerMs;
    if (livedMs >= goodMs) this.#tries = 0;
    this.#lose();
    this.#client = undefined;
    const mostMs = Math.min(longestWaitMs, 2 * shortestWaitMs * 2 ** Math.min(this.#tries, 10));
    this.#tries += 1;
    const waitMs = shortestWaitMs + Math.random() * (mostMs - shortestWaitMs);
    this.#cancelRetry = clock.at(clock.nowNs() + waitMs * nsPerMs, retry);
    const reason = `The broker ${new URL(url).host} cannot be reached (${this.#lastError}); trying again until it can.`;
    this.#tell({ kind: 'disconnected', reason });
  }

  #tell(event: UplinkEvent): void {
    const said = event.kind === 'disconnected' ? event.reason : event.kind;
    if (this.#told === said) return;
    this.#told = said;
    this.#listener?.(event);
  }

  #lose(): void {
    this.#connectedNs = null;
    for (const done of this.#underWay) done(false);
  }

  /** A broker that does not answer gets no more than `goodbyeMs`. */
  async #goodbye(client: MqttClient): Promise<void> {
    const { clock } = this.#options;
    await new Promise<void>((resolve) => {
      const cancel = clock.at(clock.nowNs() + goodbyeMs * nsPerMs, () => client.end(true, () => resolve()));
      client.end(this.#connectedNs === null, () => {
        cancel();
        resolve();
      });
    });
  }
}

/** Ends a connection on which a packet grows beyond all bounds. */
function boundPartial(client: MqttClient): void {
  let partialBytes = 0;
  client.on('packetreceive', () => {
    partialBytes = 0;
  });
  client.stream.on('data', (chunk: Buffer) => {
    partialBytes += chunk.length;
    if (partialBytes > mostPartialBytes) client.stream.destroy(new Error('it sent a message without bounds'));
  });
}
