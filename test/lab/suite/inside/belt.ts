import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, randomOf } from '../../../../agent/core/render/prng.ts';
import { drive } from '../../gatekeeper/pins.ts';

/** A part came to the photo-eye in between, by the clock of process.hrtime. */
export interface Passage {
  readonly fromNs: number;
  readonly toNs: number;
}

const edgeMs = 20;

/** Parts that come by the photo-eye at random distances, none closer than the gate can separate. */
export class Belt {
  readonly passages: Passage[] = [];
  readonly #random: Random;
  readonly #leastMs: number;
  #runs = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(seed: number, leastMs: number) {
    this.#random = randomOf(seed, 21);
    this.#leastMs = leastMs;
  }

  start(): void {
    this.#runs = true;
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#runs = false;
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (this.#runs) {
      const fromNs = nowNs();
      // The interrupt comes a moment after the write.
      if (pull(true)) this.passages.push({ fromNs, toNs: nowNs() + 5e6 });
      await sleep(edgeMs);
      pull(false);
      await sleep(this.#leastMs - edgeMs + this.#random() * this.#leastMs);
    }
  }
}

/** False when the chip is not there. */
function pull(high: boolean): boolean {
  try {
    drive('trigger', high);
    return true;
  } catch {
    return false;
  }
}

export function nowNs(): number {
  return Number(process.hrtime.bigint());
}
