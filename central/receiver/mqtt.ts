import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';
import { topicsOf } from '../../agent/core/sync/protocol.ts';
import { limits } from '../../agent/core/sync/wire.ts';
import type { Message, Note } from './receiver.ts';
import type { TlsSecrets } from './tls.ts';
import { Waiting } from './waiting.ts';

export interface MqttLinkOptions {
  /** Such as mqtt://user:password@host:1883. */
  readonly url: string;
  readonly version: '3.1.1' | '5';
  readonly secrets: TlsSecrets;
  readonly take: (messages: readonly Message[]) => void;
  readonly note: (note: Note) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Acknowledgements that the broker has not taken; more are dropped, and the stations ask again. */
const MOST_UNSENT = 1000;
/** What may arrive before a packet is whole. */
const MAX_PARTIAL_BYTES = 4 * limits.largestBytes;
const CLOSED = 'the connection was closed';
const TOPICS = [topicsOf('+').batch, topicsOf('+').hello, topicsOf('+').state];
const TOPIC = /^edge\/v1\/([A-Za-z0-9][A-Za-z0-9_-]{0,62})\/up\/(batch|hello|state)$/;

/** Checks the URL of a broker. Throws LinegateError 'bad-argument'. */
function brokerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^mqtts?:$/.test(url.protocol) && url.hostname !== '') return url;
  const advice = 'give one such as mqtt://host:1883 or mqtts://user:password@host:8883';
  throw new LinegateError('bad-argument', `"${text.slice(0, 200)}" is not the URL of an MQTT broker: ${advice}.`);
}

/** The connection to the broker, tried for ever. It keeps no session: stations send again what was not acknowledged. */
export class MqttLink {
  readonly #options: MqttLinkOptions;
  readonly #url: URL;
  readonly #waiting: Waiting;
  #client: MqttClient | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;
  #said = '';
  #waitMs = FIRST_WAIT_MS;
  #unsent = 0;

  constructor(options: MqttLinkOptions) {
    this.#options = options;
    this.#url = brokerUrl(options.url);
    this.#waiting = new Waiting(options.take);
  }

  start(): void {
    if (this.#stopped) return;
    const client = connect(this.#options.url, this.#clientOptions());
    this.#client = client;
    this.#unsent = 0;
    let why = CLOSED;
    client.on('error', (error) => {
      why = messageOf(error) || CLOSED;
      // The library stays on a connection whose bytes it could not read.
      client.stream.destroy();
    });
    client.on('connect', () => this.#subscribe(client));
    client.on('close', () => this.#retryLater(client, why));
    client.handleMessage = ({ topic, payload }, done) => this.#arrived(topic, payload, () => done());
  }

  /** Sends an acknowledgement; what cannot go now is dropped. */
  send(station: string, payload: Uint8Array): void {
    const client = this.#client;
    if (client === undefined || !client.connected || this.#unsent >= MOST_UNSENT) return;
    this.#unsent += 1;
    client.publish(topicsOf(station).ack, Buffer.from(payload), { qos: 1 }, () => {
      if (this.#client === client) this.#unsent -= 1;
    });
  }

  /** Ends the connection. May be called again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#waiting.clear();
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    client.removeAllListeners('close');
    await client.endAsync(true);
  }

  #clientOptions(): IClientOptions {
    const five = this.#options.version === '5';
    return {
      clientId: `linegate-receiver-${crypto.randomUUID().slice(0, 8)}`,
      clean: true,
      protocolVersion: five ? 5 : 4,
      ...(five ? { properties: { receiveMaximum: 64, maximumPacketSize: MAX_PARTIAL_BYTES } } : {}),
      keepalive: 30,
      connectTimeout: 10_000,
      // Each try has a client of its own, so that none begins with what another left.
      reconnectPeriod: 0,
      resubscribe: false,
      rejectUnauthorized: true,
      ...this.#options.secrets,
    };
  }

  #subscribe(client: MqttClient): void {
    guardMemory(client);
    client.subscribe(TOPICS, { qos: 1 }, (error, granted) => {
      if (this.#client !== client) return;
      const refused = granted?.find(({ qos }) => Number(qos) >= 128)?.topic;
      if (error !== null || refused !== undefined) {
        const topic = refused ?? TOPICS.join(', ');
        client.emit('error', new Error(`it does not let this receiver subscribe to ${topic}`));
        return;
      }
      this.#waitMs = FIRST_WAIT_MS;
      this.#say('info', `Connected to the broker ${this.#url.host}.`);
    });
  }

  #arrived(topic: string, payload: Buffer | string, goOn: () => void): void {
    const [, station, channel] = TOPIC.exec(topic) ?? [];
    if (this.#stopped || station === undefined || channel === undefined) {
      goOn();
      return;
    }
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    this.#waiting.add({ station, channel: channel as Message['channel'], payload: bytes }, goOn);
  }

  #retryLater(client: MqttClient, why: string): void {
    if (this.#stopped || this.#client !== client) return;
    this.#client = undefined;
    client.end(true);
    this.#say('warn', `The broker ${this.#url.host} is out of reach (${why}); trying again until it is there.`);
    // Full jitter: receivers and stations that lost the same broker must not come back together.
    const waitMs = Math.max(50, Math.random() * this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    this.#retry = setTimeout(() => this.start(), waitMs);
  }

  #say(level: Note['level'], sentence: string): void {
    if (this.#said === sentence) return;
    this.#said = sentence;
    this.#options.note({ level, sentence });
  }
}

/** Ends a connection on which a packet grows beyond all bounds. */
function guardMemory(client: MqttClient): void {
  let partialBytes = 0;
  client.on('packetreceive', () => {
    partialBytes = 0;
  });
  client.stream.on('data', (chunk: Buffer) => {
    partialBytes += chunk.length;
    if (partialBytes > MAX_PARTIAL_BYTES) client.stream.destroy(new Error('it sent a message without bounds'));
  });
}
