import type { Entry, Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import type { OutboxPage, OutboxState } from '../../ports/outbox.ts';
import type { FoldOptions, LedgerStore, PageLimit, SessionStart } from './store.ts';

/** A store over another: what it asks goes straight through, what it writes goes by way of `write`. */
export abstract class StoreOver implements LedgerStore {
  readonly #store: LedgerStore;

  constructor(store: LedgerStore) {
    this.#store = store;
  }

  protected abstract write<T>(work: () => Promise<T>): Promise<T>;

  open(start: SessionStart): Promise<LedgerOpening> {
    return this.write(() => this.#store.open(start));
  }

  commit(batch: number, entries: readonly Entry[]): Promise<readonly number[]> {
    return this.write(() => this.#store.commit(batch, entries));
  }

  close(at: Moment): Promise<void> {
    return this.write(() => this.#store.close(at));
  }

  abandon(): Promise<void> {
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
    return this.write(() => this.#store.branch(why, at));
  }

  fold(options: FoldOptions, at: Moment): Promise<number> {
    return this.write(() => this.#store.fold(options, at));
  }
}
