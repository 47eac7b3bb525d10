import type { IPublishPacket, MqttClient } from 'mqtt';
import { messageOf } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TriggerSource } from '../../ports/trigger.ts';

/** Whether triggers can come; told at each change. */
export type MqttTriggerState =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly detail: string };

export interface MqttTriggerOptions {
  readonly clock: Clock;
  /** Such as mqtt://host:1883. */
  readonly url: string;
  /** One topic, without wildcards. */
  readonly topic: string;
  readonly onState: (state: MqttTriggerState) => void;
  /** A message that is no trigger. */
  readonly onIgnored: (detail: string) => void;
}

/** A trigger says "now"; nothing that is longer than this is one. */
const MAX_PAYLOAD_BYTES = 1024;
/** What may arrive before a packet is whole; the library itself would hold 256 MB. */
const MAX_PARTIAL_BYTES = 1_000_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const CLOSED = 'the connection was closed';

/**
 * A trigger at each message of an MQTT topic, stamped when it arrives. It asks for QoS 0 and no session, because a trigger
 * that comes late is worse than none: it would name another part. A lost broker is tried for ever.
 */
export class MqttTrigger implements TriggerSource {
  readonly #options: MqttTriggerOptions;
  #client: MqttClient | undefined;
  #cancelRetry: () => void = () => undefined;
  #state: MqttTriggerState['kind'] | undefined;
  #waitMs = FIRST_WAIT_MS;
  #lastError = CLOSED;
  /** What came since the last whole packet. */
  #partialBytes = 0;

  constructor(options: MqttTriggerOptions) {
    this.#options = options;
  }

  /** Resolves at once; whether the broker is there is told by `onState`. */
  async start(fire: (atNs: number) => void): Promise<void> {
    const { default: mqtt } = await import('mqtt');
    const client = mqtt.connect(this.#options.url, {
      clientId: `linegate-trigger-${crypto.randomUUID().slice(0, 8)}`,
      clean: true,
      keepalive: 10,
      connectTimeout: 10_000,
      // Its own retries come at a fixed pace, all stations of a plant at once.
      reconnectPeriod: 0,
      resubscribe: false,
    });
    this.#client = client;
    client.on('error', (error) => {
      this.#lastError = messageOf(error);
      // The library stays on a connection whose bytes it could not read.
      client.stream.destroy();
    });
    client.on('connect', () => this.#subscribe(client));
    client.on('packetreceive', () => {
      this.#partialBytes = 0;
    });
    client.on('close', () => this.#retryLater(client));
    client.on('message', (_topic, payload, packet) => this.#onMessage(payload, packet, fire));
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#cancelRetry();
    if (client === undefined) return;
    client.removeAllListeners('close');
    await client.endAsync(true);
  }

  #subscribe(client: MqttClient): void {
    this.#guardMemory(client);
    client.subscribe(this.#options.topic, { qos: 0 }, (error) => {
      if (this.#client !== client) return;
      if (error) {
        this.#lastError = `it refuses the topic ${this.#options.topic} (${messageOf(error)})`;
        client.stream.destroy();
        return;
      }
      this.#waitMs = FIRST_WAIT_MS;
      this.#lastError = CLOSED;
      this.#tell({ kind: 'connected' });
    });
  }

  /** Ends a connection on which a packet grows beyond all bounds. */
  #guardMemory({ stream }: MqttClient): void {
    this.#partialBytes = 0;
    stream.on('data', (chunk: Buffer) => {
      this.#partialBytes += chunk.length;
      if (this.#partialBytes > MAX_PARTIAL_BYTES) stream.destroy(new Error('it sent a message without bounds'));
    });
  }

  #onMessage(payload: Buffer, packet: IPublishPacket, fire: (atNs: number) => void): void {
    const { clock, onIgnored } = this.#options;
    if (this.#client === undefined) return;
    if (packet.retain) onIgnored('A retained message is not a trigger: it tells of a part that passed before.');
    else if (payload.length > MAX_PAYLOAD_BYTES) {
      onIgnored(`A message of ${payload.length} bytes is not a trigger: the longest has ${MAX_PAYLOAD_BYTES}.`);
    } else fire(clock.nowNs());
  }

  #retryLater(client: MqttClient): void {
    const { clock, url } = this.#options;
    this.#cancelRetry();
    this.#tell({
      kind: 'disconnected',
      detail: `The broker ${new URL(url).host} gives no triggers (${this.#lastError}); trying again until it does.`,
    });
    const waitMs = this.#waitMs * (0.5 + Math.random() / 2);
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    this.#cancelRetry = clock.at(clock.nowNs() + waitMs * 1e6, () => client.reconnect());
  }

  #tell(state: MqttTriggerState): void {
    if (this.#state === state.kind) return;
    this.#state = state.kind;
    this.#options.onState(state);
  }
}
