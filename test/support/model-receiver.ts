import { lastOf, readBatch } from '../../agent/core/sync/batch.ts';
import type { WireAck, WireBatch, WireReject } from '../../agent/core/sync/protocol.ts';
import { readHello, unpack } from '../../agent/core/sync/wire.ts';
import { zlibCodec } from '../../agent/pipeline/sync-codec.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { UplinkChannel } from '../../agent/ports/uplink.ts';

/** What is durable at the receiver. */
interface Store {
  readonly parents: ReadonlyMap<string, { readonly epoch: string; readonly seq: number } | null>;
  /** By `epoch seq`. */
  readonly rows: ReadonlyMap<string, StoredRow>;
}

interface StoredRow {
  /** Null within a span. */
  readonly hash: string | null;
  /** Hash of the row before, as the batch said that this one came first in; else null. */
  readonly prev: string | null;
  /** Another epoch of the station has this very row, so it is not stored again. A card that is put back twice makes two
   * branches with the same rows. */
  readonly same: boolean;
}

export interface ModelReceiverOptions {
  readonly clock: Clock;
  readonly commitMs: () => number;
  readonly send: (ack: Uint8Array) => void;
}

/** The smallest receiver that keeps the protocol: commits, then acknowledges; may crash and be put back to an older copy. */
export class ModelReceiver {
  store: Store = { parents: new Map(), rows: new Map() };
  readonly #options: ModelReceiverOptions;
  #life = 0;

  constructor(options: ModelReceiverOptions) {
    this.#options = options;
  }

  /** Whatever is not committed yet is lost, and not acknowledged. */
  crash(): void {
    this.#life += 1;
  }

  restore(older: Store): void {
    this.crash();
    this.store = older;
  }

  receive(channel: UplinkChannel, payload: Uint8Array): void {
    if (channel === 'state') return;
    const life = this.#life;
    const { clock, commitMs } = this.#options;
    clock.at(clock.nowNs() + commitMs() * 1e6, () => {
      if (life !== this.#life) return;
      const text = unpack(payload, channel, zlibCodec);
      if (channel === 'hello') this.#hello(text);
      else this.#batch(text);
    });
  }

  /** Seqs of an epoch without a hole, from 1 on; a branch has its parent's up to where it branched. */
  contig(epoch: string): number {
    let seq = 0;
    while (this.#find(epoch, seq + 1) !== undefined) seq += 1;
    return seq;
  }

  #hello(text: string): void {
    const { id, epoch, parent } = readHello(text);
    if (!this.store.parents.has(epoch)) {
      this.store = { ...this.store, parents: new Map([...this.store.parents, [epoch, parent]]) };
    }
    this.#answer(epoch, id, [], []);
  }

  #batch(text: string): void {
    const reading = readBatch(text);
    if (reading.kind === 'refused') {
      if (reading.epoch !== null) this.#answer(reading.epoch, null, [], [reading.reject]);
      return;
    }
    const { batch, from, to } = reading;
    // Restored from before the station's last hello: only another one tells where the branch belongs.
    if (!this.store.parents.has(batch.epoch)) return;
    const conflict = this.#commit(batch);
    if (conflict === null) this.#answer(batch.epoch, null, [[from, to]], []);
    else
      this.#answer(batch.epoch, null, [], [{ from, to, reason: 'conflict', detail: `Row ${conflict} does not fit.` }]);
  }

  /** A seq where the batch does not fit what is there, by its hash or by a neighbour's, or null once all is durable. */
  #commit(batch: WireBatch): number | null {
    const { epoch, s, prev, rows: items } = batch;
    const apart = this.#apartAt(batch);
    if (apart !== null) return apart;
    const rows = new Map(this.store.rows);
    const stored = new Set([...rows].map(([key, { hash }]) => `${key.split(' ')[1]} ${hash}`));
    const single = items.flatMap((item) =>
      Array.from({ length: lastOf(item) - item.seq + 1 }, (_, i) => {
        const seq = item.seq + i;
        return { seq, hash: seq === lastOf(item) ? item.hash : null };
      }),
    );
    for (const { seq, hash } of single) {
      const known = this.#find(epoch, seq);
      const same = hash !== null && stored.has(`${seq} ${hash}`);
      if (known === undefined) rows.set(`${epoch} ${seq}`, { hash, prev: seq === s ? prev : null, same });
      else if (hash !== null && known.hash !== null && known.hash !== hash) return seq;
    }
    this.store = { ...this.store, rows };
    return null;
  }

  /** Where a batch does not hang on the row before it or the row after, as far as they are known. */
  #apartAt({ epoch, s, prev, rows: items }: WireBatch): number | null {
    const before = this.#find(epoch, s - 1)?.hash ?? prev;
    if (before !== prev) return s;
    const [to, head] = items.reduce<[number, string]>((_, item) => [lastOf(item), item.hash], [s, prev]);
    const after = this.#find(epoch, to + 1)?.prev ?? head;
    return after === head ? null : to;
  }

  /** What an epoch has as row `seq`; undefined when it has none. */
  #find(epoch: string, seq: number): StoredRow | undefined {
    const own = this.store.rows.get(`${epoch} ${seq}`);
    if (own !== undefined) return own;
    const parent = this.store.parents.get(epoch);
    return parent && seq <= parent.seq ? this.#find(parent.epoch, seq) : undefined;
  }

  #answer(epoch: string, hello: string | null, ranges: WireAck['ranges'], reject: readonly WireReject[]): void {
    const maxContig = this.contig(epoch);
    const head = this.#find(epoch, maxContig)?.hash ?? null;
    const ack: WireAck = { v: 1, epoch, hello, ranges, maxContig, head, credit: 4, retryMs: 2000, reject };
    this.#options.send(Buffer.from(JSON.stringify(ack)));
  }
}
