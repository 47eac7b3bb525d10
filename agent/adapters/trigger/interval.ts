import type { Clock } from '../../ports/clock.ts';
import type { TriggerSource } from '../../ports/trigger.ts';

/** A trigger every `everyMs`, the first one interval after the start; it does not drift, and skips what it slept through. */
export class IntervalTrigger implements TriggerSource {
  readonly #clock: Clock;
  readonly #everyNs: number;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock;
    this.#everyNs = everyMs * 1e6;
  }

  async start(fire: (atNs: number) => void): Promise<void> {
    this.#arm(this.#clock.nowNs() + this.#everyNs, fire);
  }

  async stop(): Promise<void> {
    this.#cancel();
  }

  #arm(dueNs: number, fire: (atNs: number) => void): void {
    this.#cancel = this.#clock.at(dueNs, () => {
      const nowNs = this.#clock.nowNs();
      const skipped = Math.floor((nowNs - dueNs) / this.#everyNs);
      // Armed first, so that a listener may stop it.
      this.#arm(dueNs + (skipped + 1) * this.#everyNs, fire);
      fire(nowNs);
    });
  }
}
