import type { LedgerStore } from './store.ts';
import { StoreOver } from './store-over.ts';

/** A store whose every write stops virtual time, so that the disk's own speed changes nothing in a simulation. */
export class HeldStore extends StoreOver {
  readonly #hold: <T>(work: Promise<T>) => Promise<T>;

  constructor(store: LedgerStore, hold: <T>(work: Promise<T>) => Promise<T>) {
    super(store);
    this.#hold = hold;
  }

  protected override write<T>(work: () => Promise<T>): Promise<T> {
    return this.#hold(work());
  }

  override abandon(): Promise<void> {
    return this.#hold(super.abandon());
  }
}
