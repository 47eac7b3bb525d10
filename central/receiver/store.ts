import type Database from 'better-sqlite3';
import type { Range } from '../../agent/core/ledger/ranges.ts';
import { canonicalJson } from '../../agent/core/ledger/row.ts';
import { lastOf } from '../../agent/core/sync/batch.ts';
import type { WireBatch, WireHello } from '../../agent/core/sync/protocol.ts';
import { covering } from './coverage.ts';
import { contiguous, type Epoch, lineage, origin } from './epochs.ts';
import { Incidents } from './incidents.ts';
import { openForWriting, type StoreFile, storeError } from './schema.ts';
import { EpochTable, readEpochs } from './table.ts';

/** A checked batch of a station. */
export interface Delivery {
  readonly station: string;
  readonly batch: WireBatch;
}

/** What became of a batch once the transaction was committed. */
export type Placed =
  | { readonly kind: 'committed'; readonly range: Range }
  | { readonly kind: 'conflict'; readonly range: Range; readonly detail: string };

/** Where an epoch stands: all rows up to `maxContig` are durable, and `head` is the hash of the last of them. */
export interface Standing {
  readonly maxContig: number;
  readonly head: string | null;
}

/** The receiver's database. Errors are LinegateErrors 'ledger'; what throws has written nothing. */
export class ReceiverStore {
  readonly incidents: Incidents;
  readonly #path: string;
  readonly #file: StoreFile;
  readonly #table: EpochTable;
  /** By station and name. */
  #epochs: Map<string, Map<string, Epoch>> = new Map();

  constructor(path: string) {
    this.#path = path;
    this.#file = openForWriting(path);
    this.#table = new EpochTable(this.#file.db);
    this.incidents = new Incidents(this.#file.db, (work) => this.#transaction(work));
    this.#load();
  }

  /** Writes batches in one transaction; each is taken or put into quarantine as a whole. */
  commit(deliveries: readonly Delivery[], wallMs: number): readonly Placed[] {
    return this.#transaction(() => deliveries.map((delivery) => this.#place(delivery, wallMs)));
  }

  /** Notes what a station says of itself and where its epoch comes from. */
  greet(station: string, hello: WireHello, wallMs: number): void {
    this.#transaction(() => {
      this.incidents.heard(station, 'hello', canonicalJson(hello), wallMs);
      const known = this.#find(station, hello.epoch);
      if (known === undefined) this.#create(station, hello.epoch, { told: true, parent: hello.parent });
      else if (!known.told) this.#tell(known, hello.parent);
    });
  }

  /** Where an epoch stands; at 0 when it is not known. */
  standing(station: string, name: string): Standing {
    const epoch = this.#find(station, name);
    if (epoch === undefined) return { maxContig: 0, head: null };
    const maxContig = contiguous(epoch, this.#find);
    return { maxContig, head: maxContig === 0 ? null : this.#hashAt(epoch, maxContig) };
  }

  close(): void {
    this.#file.close();
  }

  readonly #find = (station: string, name: string): Epoch | undefined => this.#epochs.get(station)?.get(name);

  #load(): void {
    this.#epochs = new Map();
    for (const epoch of readEpochs(this.#file.db)) this.#remember(epoch);
  }

  #remember(epoch: Epoch): void {
    const known = this.#epochs.get(epoch.station);
    if (known === undefined) this.#epochs.set(epoch.station, new Map([[epoch.name, epoch]]));
    else known.set(epoch.name, epoch);
  }

  #transaction<T>(work: () => T): T {
    try {
      return this.#file.db.transaction(work).immediate();
    } catch (error) {
      // What memory knows of the epochs has run ahead of the file.
      this.#load();
      throw storeError(this.#path, error);
    }
  }

  #place({ station, batch }: Delivery, wallMs: number): Placed {
    const range: Range = [batch.s, batch.rows.reduce((_, item) => lastOf(item), batch.s)];
    this.incidents.batch(station, wallMs);
    const epoch = this.#find(station, batch.epoch) ?? this.#create(station, batch.epoch, { told: false, parent: null });
    const detail = this.#conflictOf(epoch, batch, range);
    if (detail !== null) {
      this.incidents.quarantine(station, batch, range, detail, wallMs);
      return { kind: 'conflict', range, detail };
    }
    // A card that is put back twice makes two branches with the same rows, and neither descends from the other.
    const others = [...(this.#epochs.get(station)?.values() ?? [])].filter(({ id }) => id !== epoch.id);
    this.#table.add(epoch, batch.rows, others);
    const head = batch.rows.at(-1)?.hash ?? batch.prev;
    const coverage = covering(epoch.coverage, { from: range[0], to: range[1], prev: batch.prev, head });
    this.#table.setCoverage(epoch, coverage);
    this.#remember({ ...epoch, coverage });
    return { kind: 'committed', range };
  }

  /** Why a batch does not fit what is here, or null: another hash for a row, or for the row before or after. */
  #conflictOf(epoch: Epoch, { s, prev, rows }: WireBatch, [from, to]: Range): string | null {
    const here = this.#hashAt(epoch, s - 1);
    if (here !== null && here !== prev)
      return `Row ${s} follows another row ${s - 1} than the one that is stored here.`;
    if (this.#isBeyond(epoch, from)) return null;
    const changed = rows.find((item) => {
      const known = this.#hashAt(epoch, lastOf(item));
      return known !== null && known !== item.hash;
    });
    if (changed === undefined) return null;
    return `Row ${lastOf(changed)} of the rows ${from} to ${to} has another hash than the one that is stored here.`;
  }

  /** Whether nothing is known of the rows from `seq` on, as for nearly all batches. */
  #isBeyond(epoch: Epoch, seq: number): boolean {
    return (epoch.coverage.at(-1)?.to ?? 0) < seq && (epoch.parent?.seq ?? 0) < seq;
  }

  /** Hash of a row in the history of an epoch; null when it is not known. */
  #hashAt(epoch: Epoch, seq: number): string | null {
    if (seq === 0) return origin(epoch, this.#find);
    for (const { epoch: part, upTo } of lineage(epoch, this.#find)) {
      const hash = seq <= upTo ? this.#table.hashAt(part, seq) : null;
      if (hash !== null) return hash;
    }
    return null;
  }

  #create(station: string, name: string, { told, parent }: Pick<Epoch, 'told' | 'parent'>): Epoch {
    const insert = this.#statement('INSERT INTO epochs VALUES (NULL, ?, ?, ?, ?, ?)');
    const values = [station, name, told ? 1 : 0, parent?.epoch ?? null, parent?.seq ?? 0];
    const id = Number(insert.run(...values).lastInsertRowid);
    const epoch: Epoch = { id, station, name, told, parent, coverage: [] };
    this.#remember(epoch);
    return epoch;
  }

  #tell(epoch: Epoch, parent: Epoch['parent']): void {
    const update = this.#statement('UPDATE epochs SET told = 1, parent = ?, branch_seq = ? WHERE id = ?');
    update.run(parent?.epoch ?? null, parent?.seq ?? 0, epoch.id);
    this.#remember({ ...epoch, told: true, parent });
  }

  #statement(sql: string): Database.Statement {
    return this.#file.db.prepare(sql);
  }
}
