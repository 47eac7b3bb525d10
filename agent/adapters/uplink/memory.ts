import type { Clock } from '../../ports/clock.ts';
import type { Uplink, UplinkChannel, UplinkEvent } from '../../ports/uplink.ts';

/** How bad a network is. Shares are 0 to 1. */
export interface NetworkFaults {
  readonly lossShare: number;
  readonly doubleShare: number;
  /** Each message takes up to so long, so that later ones may overtake. */
  readonly delayMs: number;
  /** A connection lives up to twice so long; null for ever. */
  readonly cutMs: number | null;
  /** It comes back within so long. */
  readonly downMs: number;
}

export const goodNetwork: NetworkFaults = { lossShare: 0, doubleShare: 0, delayMs: 5, cutMs: null, downMs: 100 };

export interface MemoryNetworkOptions {
  readonly clock: Clock;
  /** 0 to below 1. */
  readonly random: () => number;
  readonly faults: NetworkFaults;
  /** The receiver's end. */
  readonly receive: (channel: UplinkChannel, payload: Uint8Array) => void;
}

/** A network and a broker within the process, as bad as asked for; with a virtual clock every run repeats. */
export class MemoryNetwork {
  faults: NetworkFaults;
  readonly #options: MemoryNetworkOptions;
  #uplink: MemoryUplink | undefined;

  constructor(options: MemoryNetworkOptions) {
    this.#options = options;
    this.faults = options.faults;
  }

  /** The station's end. The one before it hears nothing any more, as with a broker that knows both by one name. */
  uplink(): Uplink {
    this.#uplink = new MemoryUplink(this);
    return this.#uplink;
  }

  /** From the receiver to the station that is connected then. */
  ack(payload: Uint8Array): void {
    this.#carry(() => this.#uplink?.hear({ kind: 'ack', payload }));
  }

  /** The connection is lost and comes back. */
  cut(): void {
    this.#uplink?.cut();
  }

  send(channel: UplinkChannel, payload: Uint8Array): void {
    this.#carry(() => this.#options.receive(channel, payload));
  }

  /** Calls `action` within `withinMs`; returns what takes it back. */
  soon(withinMs: number, action: () => void): () => void {
    const { clock, random } = this.#options;
    return clock.at(clock.nowNs() + random() * withinMs * 1e6, action);
  }

  #carry(deliver: () => void): void {
    const { random } = this.#options;
    if (random() < this.faults.lossShare) return;
    this.soon(this.faults.delayMs, deliver);
    if (random() < this.faults.doubleShare) this.soon(4 * this.faults.delayMs, deliver);
  }
}

class MemoryUplink implements Uplink {
  readonly #network: MemoryNetwork;
  #listener: ((event: UplinkEvent) => void) | undefined;
  #connected = false;
  #cancel: () => void = () => undefined;

  constructor(network: MemoryNetwork) {
    this.#network = network;
  }

  async start(listener: (event: UplinkEvent) => void): Promise<void> {
    this.#listener = listener;
    this.#connectSoon();
  }

  async publish(channel: UplinkChannel, payload: Uint8Array): Promise<boolean> {
    if (this.#connected) this.#network.send(channel, payload);
    return this.#connected;
  }

  async stop(): Promise<void> {
    this.#cancel();
    this.#listener = undefined;
    this.#connected = false;
  }

  hear(event: UplinkEvent): void {
    if (this.#connected) this.#listener?.(event);
  }

  #connectSoon(): void {
    this.#cancel = this.#network.soon(this.#network.faults.downMs, () => {
      this.#connected = true;
      this.#listener?.({ kind: 'connected' });
      this.#cutSoon();
    });
  }

  #cutSoon(): void {
    const { cutMs } = this.#network.faults;
    if (cutMs === null) return;
    this.#cancel = this.#network.soon(2 * cutMs, () => {
      if (this.#network.faults.cutMs !== null) this.cut();
    });
  }

  cut(): void {
    if (!this.#connected) return;
    this.#cancel();
    this.#connected = false;
    this.#connectSoon();
    this.#listener?.({ kind: 'disconnected', reason: 'the network was cut' });
  }
}
