import type { LedgerRow } from '../core/ledger/row.ts';

/** Rows from `seq` to `to` that the station no longer has, because space was short. `hash` is that of the last of them. */
export interface FoldedRows {
  readonly kind: 'folded';
  readonly seq: number;
  readonly to: number;
  /** By outcome for part rows, by `kind outcome` for the others. */
  readonly counts: Readonly<Record<string, number>>;
  readonly hash: string;
}

export type OutboxItem = LedgerRow | FoldedRows;

/** Where the outbox stands. */
export interface OutboxState {
  readonly epoch: string;
  /** Where this epoch branched from another; null for the first. */
  readonly parent: { readonly epoch: string; readonly seq: number } | null;
  readonly lastSeq: number;
  /** Hash of the row lastSeq. */
  readonly head: string;
  /** All rows up to this one are durable at the receiver. */
  readonly ackedSeq: number;
}

/** Consecutive rows, with the hash of the row before the first. */
export interface OutboxPage {
  readonly prev: string;
  readonly items: readonly OutboxItem[];
}

/** The ledger as the place from which rows go out: those that no receiver has made durable yet. */
export interface Outbox {
  state(): Promise<OutboxState>;
  /** Calls `listener` after each commit, with the newest seq and whether a row of it must not wait; returns its end. */
  subscribe(listener: (lastSeq: number, urgent: boolean) => void): () => void;
  /** What follows `afterSeq`, at most `rows` items; fewer when their payloads exceed `bytes`, but one at least if there is one. */
  read(afterSeq: number, limit: { readonly rows: number; readonly bytes: number }): Promise<OutboxPage>;
  /**
   * All rows up to `seq` are durable at the receiver: they may be deleted when space is short. A lower one than before takes
   * the word back: the receiver lost rows. Durable with the next commit at the latest; losing it costs a repetition.
   */
  acknowledge(seq: number): Promise<void>;
  /** Hash of a row, or of the last row of a fold; null when the ledger does not know it. */
  hashAt(seq: number): Promise<string | null>;
  /** Begins a new epoch after the last acknowledged row: what was not acknowledged goes out under the new name. */
  branch(why: string): Promise<OutboxState>;
}
