import { randomUUID } from 'node:crypto';
import { LinegateError } from '../../core/errors.ts';
import { Audit, type AuditReport } from '../../core/ledger/audit.ts';
import { genesis } from '../../core/ledger/chain.ts';
import { type Fold, type FoldPlan, partsBehind, planFold } from '../../core/ledger/fold.ts';
import {
  closeSession,
  emptyHead,
  enter,
  type Head,
  openSession,
  type PreviousSession,
} from '../../core/ledger/head.ts';
import { branchEntry, checkAcknowledged, type FoldStage, fitting, foldStages, merged } from '../../core/ledger/page.ts';
import { includes } from '../../core/ledger/ranges.ts';
import type { Entry, LedgerRow, Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import type { OutboxPage, OutboxState } from '../../ports/outbox.ts';
import { GroupCommitLedger, type GroupCommitOptions } from './group-commit.ts';
import type { FoldOptions, LedgerStore, PageLimit, SessionStart } from './store.ts';

const SPARE_PARTS = 256;

/** What outlives a ledger in memory, as a file would: hand it to the next one. */
export class MemoryLedgerFile {
  /** The first epoch, on which the chain of hashes hangs. */
  readonly epoch: string = randomUUID();
  readonly rows: LedgerRow[] = [];
  /** Rows that were given up, in the order of seq. */
  folds: readonly Fold[] = [];
  head: Head = emptyHead(this.epoch);
  session: Pick<PreviousSession, 'bootId' | 'closed'> | null = null;
  ackedSeq = 0;
  branch: { readonly epoch: string; readonly parent: OutboxState['parent'] } = { epoch: this.epoch, parent: null };
  readonly #tail: { readonly rows: number; readonly audit: Audit } | null;

  /**
   * `keepRows`: for runs so long that they would fill the memory: only the newest rows stay, so many of them and at most
   * twice as many. Each row is audited as it enters. Older ones cannot be read, nor given up.
   */
  constructor(keepRows?: number) {
    this.#tail = keepRows === undefined ? null : { rows: keepRows, audit: new Audit(this.epoch) };
  }

  /** Whether all rows are here, but for those that were given up. */
  get keepsAll(): boolean {
    return this.#tail === null;
  }

  /** The audit of `linegate ledger verify`. */
  verify(): AuditReport {
    const audit = this.#tail?.audit ?? new Audit(this.epoch);
    if (this.keepsAll) for (const item of merged(this.rows, this.folds)) audit.take(item);
    return audit.finish({ ...this.head, closed: this.session?.closed ?? false });
  }

  /** Adds rows; `head` is the one after them. */
  add(head: Head, rows: readonly LedgerRow[]): void {
    this.head = head;
    for (const row of rows) {
      this.rows.push(row);
      this.#tail?.audit.take(row);
    }
    if (this.#tail !== null && this.rows.length >= 2 * this.#tail.rows) this.rows.splice(0, this.#tail.rows);
  }

  /** The rows after a seq. */
  *after(seq: number): Generator<LedgerRow> {
    for (let at = this.#indexAfter(seq); at < this.rows.length; at++) {
      const row = this.rows[at];
      if (row !== undefined) yield row;
    }
  }

  hashAt(seq: number): string | null {
    if (seq === 0) return genesis(this.epoch);
    const row = this.rows[this.#indexAfter(seq - 1)];
    if (row?.seq === seq) return row.hash;
    return this.folds.find(({ to }) => to === seq)?.hash ?? null;
  }

  /** Gives up what a plan names. */
  fold({ folds }: FoldPlan): void {
    for (const { seq, to } of folds) this.rows.splice(this.#indexAfter(seq - 1), to - seq + 1);
    this.folds = [...this.folds, ...folds].sort((a, b) => a.seq - b.seq);
  }

  /** Index of the first row after a seq. */
  #indexAfter(seq: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.rows[middle]?.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
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
    const { branch, head, rows, session } = this.#file;
    const before = session === null ? null : { ...session, lastWallMs: rows.at(-1)?.wallMs ?? at.wallMs };
    const opened = openSession(head, before, bootId, at, SPARE_PARTS);
    this.#file.add(opened.head, opened.rows);
    this.#file.session = { bootId, closed: false };
    return { epoch: branch.epoch, firstPart: opened.firstPart, lastSeq: opened.head.seq, previous: opened.previous };
  }

  async commit(batch: number, entries: readonly Entry[]): Promise<readonly number[]> {
    if (batch !== this.#last.batch) this.#last = { batch, seqs: entries.map((entry) => this.#enter(entry)) };
    return this.#last.seqs;
  }

  async close(at: Moment): Promise<void> {
    const closed = closeSession(this.#file.head, at);
    this.#file.add(closed.head, closed.rows);
    this.#file.session = { bootId: this.#file.session?.bootId ?? null, closed: true };
  }

  async abandon(): Promise<void> {}

  async state(): Promise<OutboxState> {
    const { branch, head, ackedSeq } = this.#file;
    return { ...branch, lastSeq: head.seq, head: head.hash, ackedSeq };
  }

  async read(afterSeq: number, limit: PageLimit): Promise<OutboxPage> {
    const folds = this.#file.folds.filter(({ to }) => to > afterSeq);
    const items = fitting(merged(this.#file.after(afterSeq), folds), limit);
    const before = (items[0]?.seq ?? afterSeq + 1) - 1;
    const prev = this.#file.hashAt(before);
    if (prev === null) throw new LinegateError('ledger', `The ledger has no row ${before}; read from a later one.`);
    return { prev, items };
  }

  async acknowledge(seq: number): Promise<void> {
    checkAcknowledged(seq, this.#file.head.seq);
    this.#file.ackedSeq = seq;
  }

  async hashAt(seq: number): Promise<string | null> {
    return this.#file.hashAt(seq);
  }

  async branch(why: string, at: Moment): Promise<OutboxState> {
    const parent = { epoch: this.#file.branch.epoch, seq: this.#file.ackedSeq };
    const epoch = randomUUID();
    this.#enter(branchEntry(epoch, parent, why, at));
    this.#file.branch = { epoch, parent };
    return this.state();
  }

  async fold({ keepNewest, mostRows }: FoldOptions, at: Moment): Promise<number> {
    const { head, ackedSeq } = this.#file;
    if (!this.#file.keepsAll) return 0;
    for (const stage of foldStages(head.seq - keepNewest, ackedSeq)) {
      const plan = planFold(this.#foldable(stage, mostRows), ackedSeq, at);
      if (plan === null) continue;
      this.#file.fold(plan);
      this.#enter(plan.entry);
      return plan.rows;
    }
    return 0;
  }

  *#foldable({ upTo, passesOnly }: FoldStage, most: number): Generator<LedgerRow> {
    let count = 0;
    for (const row of this.#file.after(0)) {
      if (row.seq > upTo || count === most) return;
      const fits = passesOnly ? row.kind === 'part' && row.outcome === 'pass' : ['part', 'summary'].includes(row.kind);
      if (!fits) continue;
      count += 1;
      yield row;
    }
  }

  #enter(entry: Entry): number {
    const entered = enter(this.#file.head, entry, SPARE_PARTS);
    if (entered === null) return this.#file.rows.findLast((row) => explains(row, entry.part))?.seq ?? 0;
    this.#file.add(entered.head, [entered.row]);
    return entered.row.seq;
  }
}

function explains(row: LedgerRow, part: number | null): boolean {
  return part !== null && (row.part === part || includes(partsBehind(row), part));
}

/** A ledger in memory. Rows become durable, as far as that goes, after the same wait as on a disk. */
export class MemoryLedger extends GroupCommitLedger {
  readonly file: MemoryLedgerFile;

  constructor(options: GroupCommitOptions, file: MemoryLedgerFile = new MemoryLedgerFile()) {
    super(new MemoryStore(file), options);
    this.file = file;
  }
}
