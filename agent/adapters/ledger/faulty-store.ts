import { LinegateError } from '../../core/errors.ts';
import type { Entry, Moment } from '../../core/ledger/row.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import type { OutboxPage, OutboxState } from '../../ports/outbox.ts';
import type { FoldOptions, LedgerStore, PageLimit, SessionStart } from './store.ts';

const NS_PER_MS = 1e6;

/** A store over another whose disk stalls or is full when told so: for the simulator. */
export class FaultyStore implements LedgerStore {
  readonly #store: LedgerStore;
  readonly #clock: Clock;
  #stalledUntilNs = 0;
  #fullUntilNs = 0;
  #abandoned = false;

  constructor(store: LedgerStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** For `ms` from now no commit comes to an end. */
  stall(ms: number): void {
    this.#stalledUntilNs = Math.max(this.#stalledUntilNs, this.#clock.nowNs() + ms * NS_PER_MS);
  }

  /** For `ms` from now whatever is to be written finds the disk full. */
  fullFor(ms: number): void {
    this.#fullUntilNs = Math.max(this.#fullUntilNs, this.#clock.nowNs() + ms * NS_PER_MS);
  }

  open(start: SessionStart): Promise<LedgerOpening> {
    return this.#store.open(start);
  }

  commit(batch: number, entries: readonly Entry[]): Promise<readonly number[]> {
    return this.#write(() => this.#store.commit(batch, entries));
  }

  close(at: Moment): Promise<void> {
    return this.#write(() => this.#store.close(at));
  }

  abandon(): Promise<void> {
    this.#abandoned = true;
    return this.#store.abandon();
  }

  state(): Promise<OutboxState> {
    return this.#store.state();
  }

  read(afterSeq: number, limit: PageLimit): Promise<OutboxPage> {
    return this.#store.read(afterSeq, limit);
  }

  acknowledge(seq: number): Promise<void> {
    return this.#store.acknowledge(seq);
  }

  hashAt(seq: number): Promise<string | null> {
    return this.#store.hashAt(seq);
  }

  branch(why: string, at: Moment): Promise<OutboxState> {
    return this.#write(() => this.#store.branch(why, at));
  }

  fold(options: FoldOptions, at: Moment): Promise<number> {
    return this.#write(() => this.#store.fold(options, at));
  }

  async #write<T>(work: () => Promise<T>): Promise<T> {
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
