import type { Entry, Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import type { OutboxPage, OutboxState } from '../../ports/outbox.ts';
import type { FoldOptions, LedgerStore, PageLimit, SessionStart } from './store.ts';

/** A store whose every write stops virtual time, so that the disk's own speed changes nothing in a simulation. */
export class HeldStore implements LedgerStore {
  readonly #store: LedgerStore;
  readonly #hold: <T>(work: Promise<T>) => Promise<T>;

  constructor(store: LedgerStore, hold: <T>(work: Promise<T>) => Promise<T>) {
    this.#store = store;
    this.#hold = hold;
  }

  open(start: SessionStart): Promise<LedgerOpening> {
    return this.#hold(this.#store.open(start));
  }

  commit(batch: number, entries: readonly Entry[]): Promise<readonly number[]> {
    return this.#hold(this.#store.commit(batch, entries));
  }

  close(at: Moment): Promise<void> {
    return this.#hold(this.#store.close(at));
  }

  abandon(): Promise<void> {
    return this.#hold(this.#store.abandon());
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
    return this.#hold(this.#store.branch(why, at));
  }

  fold(options: FoldOptions, at: Moment): Promise<number> {
    return this.#hold(this.#store.fold(options, at));
  }
}
