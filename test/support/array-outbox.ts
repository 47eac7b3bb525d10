import { chainHash, genesis } from '../../agent/core/ledger/chain.ts';
import type { LedgerRow } from '../../agent/core/ledger/row.ts';
import type { Outbox, OutboxPage, OutboxState } from '../../agent/ports/outbox.ts';

/** What a card holds. */
export interface Card {
  readonly epoch: string;
  readonly parent: OutboxState['parent'];
  readonly rows: readonly LedgerRow[];
  readonly ackedSeq: number;
}

let written = 0;

/** An outbox that is an array: for the sync alone, without a ledger. */
export class ArrayOutbox implements Outbox {
  card: Card;
  readonly #first: string;
  readonly #listeners = new Set<(lastSeq: number, urgent: boolean) => void>();

  constructor(card?: Card) {
    this.#first = 'first';
    this.card = card ?? { epoch: this.#first, parent: null, rows: [], ackedSeq: 0 };
  }

  /** Appends rows that differ from all before. */
  append(count: number, urgent = false): void {
    const rows = [...this.card.rows];
    for (let i = 0; i < count; i += 1) {
      written += 1;
      const seq = rows.length + 1;
      const plain = { seq, session: 1, kind: 'part' as const, monoMs: seq, wallMs: seq, part: seq, score: null };
      const outcome = seq % 5 === 0 ? 'reject' : 'pass';
      const unhashed = { ...plain, outcome, recipe: 'r@1', payload: `{"n":${written}}` };
      rows.push({ ...unhashed, hash: chainHash(rows.at(-1)?.hash ?? genesis(this.#first), unhashed) });
    }
    this.card = { ...this.card, rows };
    for (const listener of this.#listeners) listener(rows.length, urgent);
  }

  async state(): Promise<OutboxState> {
    const { epoch, parent, rows, ackedSeq } = this.card;
    return { epoch, parent, lastSeq: rows.length, head: rows.at(-1)?.hash ?? genesis(this.#first), ackedSeq };
  }

  subscribe(listener: (lastSeq: number, urgent: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async read(afterSeq: number, limit: { readonly rows: number }): Promise<OutboxPage> {
    const prev = this.card.rows[afterSeq - 1]?.hash ?? genesis(this.#first);
    return { prev, items: this.card.rows.slice(afterSeq, afterSeq + limit.rows) };
  }

  async acknowledge(seq: number): Promise<void> {
    this.card = { ...this.card, ackedSeq: seq };
  }

  async hashAt(seq: number): Promise<string | null> {
    return this.card.rows[seq - 1]?.hash ?? null;
  }

  async branch(): Promise<OutboxState> {
    const { epoch, ackedSeq } = this.card;
    this.card = {
      ...this.card,
      epoch: `${epoch}+${crypto.randomUUID().slice(0, 4)}`,
      parent: { epoch, seq: ackedSeq },
    };
    return this.state();
  }
}
