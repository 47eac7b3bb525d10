import { LinegateError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LedgerStore } from './store.ts';
import { StoreOver } from './store-over.ts';

const NS_PER_MS = 1e6;

/** A store over another whose disk stalls or is full when told so: for the simulator. */
export class FaultyStore extends StoreOver {
  readonly #clock: Clock;
  #stalledUntilNs = 0;
  #fullUntilNs = 0;
  #abandoned = false;

  constructor(store: LedgerStore, clock: Clock) {
    super(store);
    this.#clock = clock;
  }

  /** For `ms` from now nothing that is to be written comes to an end. */
  stall(ms: number): void {
    this.#stalledUntilNs = Math.max(this.#stalledUntilNs, this.#clock.nowNs() + ms * NS_PER_MS);
  }

  /** For `ms` from now whatever is to be written finds the disk full. */
  fullFor(ms: number): void {
    this.#fullUntilNs = Math.max(this.#fullUntilNs, this.#clock.nowNs() + ms * NS_PER_MS);
  }

  override abandon(): Promise<void> {
    this.#abandoned = true;
    return super.abandon();
  }

  protected override async write<T>(work: () => Promise<T>): Promise<T> {
    while (this.#clock.nowNs() < this.#stalledUntilNs) {
      await new Promise<void>((resolve) => this.#clock.at(this.#stalledUntilNs, resolve));
      // The process is dead by now: nobody writes any more, and nobody hears of it.
      if (this.#abandoned) return new Promise(() => {});
    }
    if (this.#clock.nowNs() < this.#fullUntilNs) {
      const what = 'The ledger cannot be used (database or disk is full)';
      throw new LinegateError('ledger', `${what}: the disk is full, free some space.`);
    }
    return work();
  }
}
