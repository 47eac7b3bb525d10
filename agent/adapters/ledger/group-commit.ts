import { LinegateError, messageOf } from '../../core/errors.ts';
import { RowQueue, type Waiting } from '../../core/ledger/queue.ts';
import { type Moment, type NewRow, toEntry } from '../../core/ledger/row.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ledger, LedgerOpening } from '../../ports/ledger.ts';
import type { Outbox, OutboxPage, OutboxState } from '../../ports/outbox.ts';
import type { FoldOptions, LedgerStore, PageLimit } from './store.ts';

/** Whether rows reach the disk. */
export type LedgerState =
  | { readonly state: 'ok' }
  /** Nothing is lost yet: rows wait in the queue and are tried again. `message` is a sentence for a person. */
  | { readonly state: 'failing'; readonly message: string };

/** How rows are gathered into commits. */
export interface GroupCommitOptions {
  readonly clock: Clock;
  /** The kernel's boot id; null where it does not tell, which then counts as a power cut after each unclean end. */
  readonly bootId: string | null;
  /** Longest wait of a row that is not urgent, ms; 1000 when left out. */
  readonly flushMs?: number;
  /** Rows that may wait; 4096 when left out. */
  readonly capacity?: number;
  /** Hears when rows stop reaching the disk, and when they do again. */
  readonly onState?: (state: LedgerState) => void;
  /** Hears of each commit how long it took until it succeeded, ms. */
  readonly onCommitMs?: (ms: number) => void;
}

/** So many rows are not kept waiting for the flush interval. */
const GROUP_ROWS = 32;
/** Most rows a commit; more would only make a slow disk look dead. */
const BATCH_ROWS = 512;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;
/** Longest wait of an acknowledgement for a commit that takes it along, ms. */
const ACKNOWLEDGE_MS = 1000;
const NS_PER_MS = 1e6;

type Ticket = (seq: number | null) => void;
type Phase = 'new' | 'opening' | 'open' | 'closing' | 'closed';

/** A ledger over a store: gathers rows into commits, tries again while the store fails, bounds what waits. */
export class GroupCommitLedger implements Ledger, Outbox {
  readonly #store: LedgerStore;
  readonly #options: GroupCommitOptions;
  readonly #queue: RowQueue<Ticket>;
  #phase: Phase = 'new';
  #opening: Promise<LedgerOpening> | null = null;
  #closing: Promise<void> | null = null;
  #closed: (() => void) | null = null;
  #batch = 0;
  /** A call to the store is under way, or its repetition is due. */
  #busy = false;
  #failures = 0;
  #trouble = '';
  #flushDue = false;
  /** Who waits until no row does. */
  readonly #flushed: (() => void)[] = [];
  #cancelFlush: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;
  /** An acknowledgement waits for a commit, and none is coming. */
  #acknowledgeDue = false;
  #cancelAcknowledge: (() => void) | null = null;
  #lastSeq = 0;
  readonly #listeners = new Set<(lastSeq: number, urgent: boolean) => void>();

  constructor(store: LedgerStore, options: GroupCommitOptions) {
    this.#store = store;
    this.#options = options;
    this.#queue = new RowQueue(options.capacity ?? 4096);
  }

  open(): Promise<LedgerOpening> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<LedgerOpening> {
    this.#phase = 'opening';
    try {
      const opening = await this.#store.open({ bootId: this.#options.bootId, ...this.#moment() });
      this.#phase = 'open';
      this.#lastSeq = opening.lastSeq;
      return opening;
    } catch (error) {
      this.#phase = 'closed';
      throw error;
    }
  }

  async append(row: NewRow): Promise<number | null> {
    this.#mustBeOpen();
    const entry = toEntry(row);
    return new Promise((resolve) => {
      if (!this.#queue.push(entry, row.urgent, resolve)) resolve(null);
      this.#pump();
    });
  }

  async state(): Promise<OutboxState> {
    this.#mustBeOpen();
    return this.#store.state();
  }

  subscribe(listener: (lastSeq: number, urgent: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async read(afterSeq: number, limit: PageLimit): Promise<OutboxPage> {
    this.#mustBeOpen();
    return this.#store.read(afterSeq, limit);
  }

  async acknowledge(seq: number): Promise<void> {
    this.#mustBeOpen();
    await this.#store.acknowledge(seq);
    if (this.#phase !== 'open') return;
    this.#cancelAcknowledge ??= this.#after(ACKNOWLEDGE_MS, () => {
      this.#cancelAcknowledge = null;
      // The commit that waiting rows lead to takes it along.
      this.#acknowledgeDue = this.#queue.length === 0;
      this.#pump();
    });
  }

  async hashAt(seq: number): Promise<string | null> {
    this.#mustBeOpen();
    return this.#store.hashAt(seq);
  }

  async branch(why: string): Promise<OutboxState> {
    this.#mustBeOpen();
    const state = await this.#store.branch(why, this.#moment());
    this.#tell(state.lastSeq, true);
    return state;
  }

  /**
   * Gives up rows so that others find space: passes first, rejects only when they are acknowledged and no passes are
   * left. An event row names them. Resolves with how many they were; 0 when there is nothing left to give up.
   */
  async fold(options: FoldOptions): Promise<number> {
    this.#mustBeOpen();
    const rows = await this.#store.fold(options, this.#moment());
    if (rows > 0) this.#tell((await this.#store.state()).lastSeq, false);
    return rows;
  }

  #mustBeOpen(): void {
    if (this.#phase !== 'open') throw new LinegateError('illegal-input', `The ledger is ${this.#phase}: not open.`);
  }

  #tell(lastSeq: number, urgent: boolean): void {
    if (lastSeq <= this.#lastSeq) return;
    this.#lastSeq = lastSeq;
    for (const listener of this.#listeners) listener(lastSeq, urgent);
  }

  /** Resolves when no row waits, without waiting for the flush interval; also when the ledger is closed first. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.#flushed.push(resolve);
      this.#pump();
    });
  }

  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    if (this.#phase === 'opening') await this.#opening?.catch(() => undefined);
    if (this.#phase !== 'open') return;
    this.#phase = 'closing';
    await new Promise<void>((resolve, reject) => {
      const cancelTimeout = this.#after(timeoutMs, () => reject(this.#giveUp(timeoutMs)));
      this.#closed = () => {
        cancelTimeout();
        resolve();
      };
      this.#pump();
    });
  }

  /** Starts whatever is due, unless the store is at work. */
  #pump(): void {
    this.#tellFlushed();
    if (this.#busy || this.#phase === 'closed') return;
    if (this.#queue.length === 0) {
      if (this.#phase === 'closing') this.#start(() => this.#closeStore());
      else if (this.#acknowledgeDue) this.#flush();
      return;
    }
    if (this.#mustFlush()) {
      this.#flush();
      return;
    }
    this.#cancelFlush ??= this.#after(this.#options.flushMs ?? 1000, () => {
      this.#cancelFlush = null;
      this.#flushDue = true;
      this.#pump();
    });
  }

  #tellFlushed(): void {
    if (this.#queue.length > 0 && this.#phase !== 'closed') return;
    for (const done of this.#flushed.splice(0)) done();
  }

  #mustFlush(): boolean {
    const wanted = this.#flushDue || this.#flushed.length > 0 || this.#phase === 'closing';
    return wanted || this.#queue.hasUrgent || this.#queue.length >= GROUP_ROWS;
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    this.#flushDue = false;
    this.#cancelAcknowledge?.();
    this.#cancelAcknowledge = null;
    this.#acknowledgeDue = false;
    const batch = this.#queue.oldest(BATCH_ROWS);
    const entries = batch.map(({ entry }) => entry);
    this.#batch += 1;
    const number = this.#batch;
    const sinceMs = this.#moment().monoMs;
    this.#start(async () => {
      const seqs = await this.#store.commit(number, entries);
      if (this.#phase === 'closed') return;
      this.#options.onCommitMs?.(this.#moment().monoMs - sinceMs);
      this.#settle(batch, seqs);
    });
  }

  #settle(batch: readonly Waiting<Ticket>[], seqs: readonly number[]): void {
    this.#queue.remove(batch.length);
    for (let index = 0; index < batch.length; index++) batch[index]?.ticket?.(seqs[index] ?? null);
    this.#tell(
      seqs.reduce((highest, seq) => Math.max(highest, seq), 0),
      batch.some(({ urgent }) => urgent),
    );
  }

  async #closeStore(): Promise<void> {
    await this.#store.close(this.#moment());
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#cancelTimers();
    this.#closed?.();
  }

  /** Runs `work` until it succeeds: the very same, since the store may have done it before it failed. */
  #start(work: () => Promise<void>): void {
    this.#busy = true;
    const attempt = (): void => {
      this.#cancelRetry = null;
      work().then(
        () => this.#succeeded(),
        (error: unknown) => this.#failed(error, attempt),
      );
    };
    attempt();
  }

  #succeeded(): void {
    this.#busy = false;
    if (this.#failures > 0) this.#options.onState?.({ state: 'ok' });
    this.#failures = 0;
    this.#trouble = '';
    if (this.#phase !== 'closed') this.#pump();
  }

  #failed(error: unknown, again: () => void): void {
    if (this.#phase === 'closed') return;
    this.#failures += 1;
    const message = messageOf(error);
    if (message !== this.#trouble) this.#options.onState?.({ state: 'failing', message });
    this.#trouble = message;
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
    this.#cancelRetry = this.#after(waitMs, again);
  }

  #giveUp(timeoutMs: number): LinegateError {
    this.#phase = 'closed';
    this.#cancelTimers();
    // Not awaited: a thread that waits for the disk ends when the disk answers.
    void this.#store.abandon();
    const left = this.#queue.length;
    for (const { ticket } of this.#queue.oldest(left)) ticket?.(null);
    const what = `The ledger could not be closed within ${timeoutMs} ms: ${left} rows did not reach the disk`;
    return new LinegateError('ledger', `${what}; the next start records which parts are missing.`);
  }

  /**
   * Ends as the death of the process would: what waits is lost, promises of `append` never settle, the store is let go.
   * For simulated kills.
   */
  async abandon(): Promise<void> {
    this.#phase = 'closed';
    this.#cancelTimers();
    await this.#store.abandon();
  }

  #cancelTimers(): void {
    this.#cancelRetry?.();
    this.#cancelFlush?.();
    this.#cancelAcknowledge?.();
  }

  #after(waitMs: number, action: () => void): () => void {
    const { clock } = this.#options;
    return clock.at(clock.nowNs() + waitMs * NS_PER_MS, action);
  }

  #moment(): Moment {
    const { clock } = this.#options;
    return { monoMs: clock.nowNs() / NS_PER_MS, wallMs: clock.wallMs() };
  }
}
