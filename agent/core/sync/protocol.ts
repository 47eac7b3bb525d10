import type { Ranges } from '../ledger/ranges.ts';

/** Version of what travels; a receiver refuses a newer one in a plain sentence. */
export const protocolVersion = 1;

/** The topics of a station. Stations and receivers speak JSON on all of them, batches perhaps deflated. */
export function topicsOf(station: string): {
  readonly batch: string;
  readonly hello: string;
  readonly state: string;
  readonly ack: string;
} {
  const base = `edge/v1/${station}`;
  return { batch: `${base}/up/batch`, hello: `${base}/up/hello`, state: `${base}/up/state`, ack: `${base}/down/ack` };
}

/** A row of the ledger as it travels; its hash is that of agent/core/ledger/chain.ts, over the payload as canonical JSON. */
export interface WireRow {
  readonly seq: number;
  readonly session: number;
  readonly kind: string;
  readonly monoMs: number;
  readonly wallMs: number;
  readonly part: number | null;
  readonly outcome: string;
  readonly score: number | null;
  readonly recipe: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly hash: string;
}

/**
 * The rows from `seq` to `to`, which do not travel one by one: `skip` where the policy leaves them out, `folded` where the
 * station no longer has them. `counts` says how many of each kind they were; `hash` is that of the last of them, so that the
 * chain goes on.
 */
export interface WireSpan {
  readonly kind: 'skip' | 'folded';
  readonly seq: number;
  readonly to: number;
  /** By outcome for part rows, by `kind outcome` for the others. */
  readonly counts: Readonly<Record<string, number>>;
  readonly hash: string;
}

export type WireItem = WireRow | WireSpan;

/** Rows and spans that follow each other without a hole. */
export interface WireBatch {
  readonly v: number;
  /** Names the database, or the branch of it, that the rows belong to. */
  readonly epoch: string;
  /** Seq of the first. */
  readonly s: number;
  /** Hash of the row before the first. */
  readonly prev: string;
  readonly rows: readonly WireItem[];
  /** SHA-256, in hex, of the rows as canonical JSON. */
  readonly sha256: string;
}

/** What a station says first on each connection, and again until it is answered. */
export interface WireHello {
  readonly v: number;
  /** Comes back in the answer, so that a late answer to an earlier hello is not taken for this one's. */
  readonly id: string;
  readonly epoch: string;
  /** The epoch that this one branched from, and after which seq; null for the first epoch of a database. */
  readonly parent: { readonly epoch: string; readonly seq: number } | null;
  readonly firstUnacked: number;
  readonly lastSeq: number;
  /** Hash of the row lastSeq. */
  readonly head: string;
  readonly bootId: string | null;
  readonly clock: {
    readonly monoMs: number;
    readonly wallMs: number;
    readonly state: 'synced' | 'unsynced' | 'unknown';
  };
  readonly software: string;
  readonly recipe: string;
  readonly modelDigest: string;
}

/** What a receiver has committed. Sent after the commit, and in answer to a hello. */
export interface WireAck {
  readonly v: number;
  readonly epoch: string;
  /** The hello that this answers; null for the answer to a batch. */
  readonly hello: string | null;
  /** Seqs that are durable at the receiver, because of what this answers. */
  readonly ranges: Ranges;
  /**
   * All seqs up to this one are durable there, those that a branch has from its parent among them: where the parent lacks rows,
   * it is as far as the parent is there, 0 when nothing is, and the station sends the others under the branch's name.
   */
  readonly maxContig: number;
  /** Hash of the row maxContig as the receiver has it; null when it has none. */
  readonly head: string | null;
  /** Batches that may be under way at once. */
  readonly credit: number;
  /** A batch that is not acknowledged by then is to be sent again. */
  readonly retryMs: number;
  /** What it did not take, and why: `conflict`, the same seq with another hash, is quarantined there. */
  readonly reject: readonly WireReject[];
}

export interface WireReject {
  readonly from: number;
  readonly to: number;
  readonly reason: 'conflict' | 'corrupt' | 'unreadable' | 'version';
  /** One plain sentence. */
  readonly detail: string;
}

/** Retained, and with `online: false` the last will. */
export interface WireState {
  readonly v: number;
  readonly online: boolean;
  readonly wallMs: number;
  readonly software?: string;
  readonly recipe?: string;
  readonly alarms?: readonly { readonly id: string; readonly sentence: string; readonly sinceWallMs: number }[];
}
