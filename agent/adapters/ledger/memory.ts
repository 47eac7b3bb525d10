import { randomUUID } from 'node:crypto';
import { Audit, type AuditReport } from '../../core/ledger/audit.ts';
import { genesis } from '../../core/ledger/chain.ts';
import { closeSession, enter, type Head, openSession, type PreviousSession } from '../../core/ledger/head.ts';
import { includes } from '../../core/ledger/ranges.ts';
import { type Entry, gapRanges, type LedgerRow, type Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import { GroupCommitLedger, type GroupCommitOptions } from './group-commit.ts';
import type { LedgerStore, SessionStart } from './store.ts';

const SPARE_PARTS = 256;

/** What outlives a ledger in memory, as a file would: hand it to the next one. */
export class MemoryLedgerFile {
  readonly epoch: string = randomUUID();
  readonly rows: LedgerRow[] = [];
  head: Head = { session: 0, seq: 0, hash: genesis(this.epoch), explained: [], reserved: 0 };
  session: Pick<PreviousSession, 'bootId' | 'closed'> | null = null;

  /** The audit of `linegate ledger verify`. */
  verify(): AuditReport {
    const audit = new Audit(this.epoch);
    for (const row of this.rows) audit.take(row);
    return audit.finish({ ...this.head, closed: this.session?.closed ?? false });
  }
}

/** A store that forgets everything with its process: for simulation and tests. */
export class MemoryStore implements LedgerStore {
  readonly #file: MemoryLedgerFile;
  #last: { readonly batch: number; readonly seqs: readonly number[] } = { batch: 0, seqs: [] };

  constructor(file: MemoryLedgerFile) {
    this.#file = file;
  }

  async open({ bootId, ...at }: SessionStart): Promise<LedgerOpening> {
    const { epoch, head, rows, session } = this.#file;
    const before = session === null ? null : { ...session, lastWallMs: rows.at(-1)?.wallMs ?? at.wallMs };
    const opened = openSession(head, before, bootId, at, SPARE_PARTS);
    this.#add(opened.head, opened.rows);
    this.#file.session = { bootId, closed: false };
    return { epoch, firstPart: opened.firstPart, lastSeq: opened.head.seq, previous: opened.previous };
  }

  async commit(batch: number, entries: readonly Entry[]): Promise<readonly number[]> {
    if (batch !== this.#last.batch) this.#last = { batch, seqs: entries.map((entry) => this.#enter(entry)) };
    return this.#last.seqs;
  }

  async close(at: Moment): Promise<void> {
    const closed = closeSession(this.#file.head, at);
    this.#add(closed.head, closed.rows);
    this.#file.session = { bootId: this.#file.session?.bootId ?? null, closed: true };
  }

  async abandon(): Promise<void> {}

  #enter(entry: Entry): number {
    const entered = enter(this.#file.head, entry, SPARE_PARTS);
    if (entered === null) return this.#file.rows.findLast((row) => explains(row, entry.part))?.seq ?? 0;
    this.#add(entered.head, [entered.row]);
    return entered.row.seq;
  }

  #add(head: Head, rows: readonly LedgerRow[]): void {
    this.#file.head = head;
    this.#file.rows.push(...rows);
  }
}

function explains(row: LedgerRow, part: number | null): boolean {
  if (part === null) return false;
  return row.part === part || (row.kind === 'gap' && includes(gapRanges(row.payload), part));
}

/** A ledger in memory. Rows become durable, as far as that goes, after the same wait as on a disk. */
export class MemoryLedger extends GroupCommitLedger {
  readonly file: MemoryLedgerFile;

  constructor(options: GroupCommitOptions, file: MemoryLedgerFile = new MemoryLedgerFile()) {
    super(new MemoryStore(file), options);
    this.file = file;
  }
}
