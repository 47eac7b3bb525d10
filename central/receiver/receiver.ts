import { deflateSync, inflateSync } from 'node:zlib';
import { messageOf } from '../../agent/core/errors.ts';
import { type Ranges, withRange } from '../../agent/core/ledger/ranges.ts';
import { readBatch } from '../../agent/core/sync/batch.ts';
import { protocolVersion, type WireAck, type WireReject } from '../../agent/core/sync/protocol.ts';
import { type Codec, limits, pack, readHello, readState, unpack } from '../../agent/core/sync/wire.ts';
import type { Delivery, Placed, ReceiverStore } from './store.ts';

/** What a station sent. */
export interface Message {
  readonly station: string;
  readonly channel: 'batch' | 'hello' | 'state';
  readonly payload: Uint8Array;
}

/** What the receiver has to say to whoever runs it, each in one plain sentence. */
export interface Note {
  readonly level: 'info' | 'warn' | 'error';
  readonly sentence: string;
}

/** What came in since the start. */
export interface Counters {
  /** Batches that are durable, those that came again among them. */
  batches: number;
  commits: number;
  conflicts: number;
  /** Messages that could not be read. */
  unreadable: number;
  /** Batches that were not taken because the database failed; the stations send them again. */
  failed: number;
}

export interface ReceiverPorts {
  readonly store: ReceiverStore;
  /** Sends bytes on a station's `down/ack`; may lose them. */
  readonly send: (station: string, payload: Uint8Array) => void;
  readonly note: (note: Note) => void;
  readonly nowWallMs: () => number;
}

/** Batches that a station may have under way. */
const CREDIT = Math.min(32, limits.credit);
const RETRY_MS = 5000;
/** The same trouble of the same station is told again after this time. */
const QUIET_MS = 60_000;
/** Troubles that are remembered as told. */
const MOST_TOLD = 1000;

const codec: Codec = {
  deflate: (bytes) => deflateSync(bytes),
  inflate: (bytes, mostBytes) => inflateSync(bytes, { maxOutputLength: mostBytes }),
};

interface Answer {
  readonly station: string;
  readonly epoch: string;
  readonly hello: string | null;
  readonly ranges: Ranges;
  readonly reject: readonly WireReject[];
}

/** Commits what stations send and tells them afterwards. What is wrong with one message concerns that one alone. */
export class Receiver {
  readonly counters: Counters = { batches: 0, commits: 0, conflicts: 0, unreadable: 0, failed: 0 };
  readonly #ports: ReceiverPorts;
  readonly #told: Map<string, number> = new Map();
  #answers: Map<string, Answer> = new Map();

  constructor(ports: ReceiverPorts) {
    this.#ports = ports;
  }

  /** Takes messages that came together: their batches share a commit. Answers when it is done. */
  take(messages: readonly Message[]): void {
    this.#answers = new Map();
    const deliveries = messages.filter(({ channel }) => channel === 'batch').flatMap((message) => this.#read(message));
    this.#commit(deliveries);
    for (const message of messages) if (message.channel !== 'batch') this.#hear(message);
    for (const answer of this.#answers.values()) this.#send(answer);
  }

  #read({ station, payload }: Message): Delivery[] {
    try {
      const reading = readBatch(unpack(payload, 'batch', codec));
      if (reading.kind === 'batch') return [{ station, batch: reading.batch }];
      const { epoch, reject } = reading;
      this.#trouble(station, reject.reason, reject.detail);
      if (epoch !== null) this.#answer({ station, epoch, hello: null, ranges: [], reject: [shortened(reject)] });
    } catch (error) {
      this.#trouble(station, 'unreadable', messageOf(error));
    }
    return [];
  }

  #commit(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    let placed: readonly Placed[];
    try {
      placed = this.#ports.store.commit(deliveries, this.#ports.nowWallMs());
    } catch (error) {
      // One batch that the database does not take must not hold up the others.
      if (deliveries.length > 1) for (const delivery of deliveries) this.#commit([delivery]);
      else this.#failed(error);
      return;
    }
    this.counters.commits += 1;
    for (const [index, result] of placed.entries()) {
      const delivery = deliveries[index];
      if (delivery !== undefined) this.#settle(delivery, result);
    }
  }

  #settle({ station, batch }: Delivery, placed: Placed): void {
    const about = { station, epoch: batch.epoch, hello: null };
    if (placed.kind === 'committed') {
      this.counters.batches += 1;
      this.#answer({ ...about, ranges: [placed.range], reject: [] });
      return;
    }
    const { range, detail } = placed;
    this.counters.conflicts += 1;
    this.#tell('error', `${station} conflict`, `Station ${station}: ${detail} The batch is in quarantine.`);
    this.#answer({ ...about, ranges: [], reject: [{ from: range[0], to: range[1], reason: 'conflict', detail }] });
  }

  #failed(error: unknown): void {
    this.counters.failed += 1;
    this.#tell('error', 'failed', `${messageOf(error)} Nothing is acknowledged until it works again.`);
  }

  #hear({ station, channel, payload }: Message): void {
    const { store, nowWallMs } = this.#ports;
    let work: () => void;
    try {
      const json = unpack(payload, channel, codec);
      if (channel === 'state') {
        readState(json);
        work = () => store.incidents.state(station, json, nowWallMs());
      } else {
        const hello = readHello(json);
        work = () => {
          store.greet(station, hello, nowWallMs());
          this.#answer({ station, epoch: hello.epoch, hello: hello.id, ranges: [], reject: [] });
        };
      }
    } catch (error) {
      this.#trouble(station, 'unreadable', messageOf(error));
      return;
    }
    try {
      work();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** A message that could not be taken: counted, kept as an alarm, told. */
  #trouble(station: string, id: string, detail: string): void {
    const { store, nowWallMs } = this.#ports;
    this.counters.unreadable += 1;
    this.#tell('warn', `${station} ${id}`, `Station ${station}: ${detail}`);
    try {
      store.incidents.alarm(station, id, detail, nowWallMs());
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Answers about the same epoch go together, those to a hello apart. */
  #answer(answer: Answer): void {
    const key = `${answer.station}/${answer.epoch}/${answer.hello}`;
    const before = this.#answers.get(key);
    const ranges = answer.ranges.reduce(withRange, before?.ranges ?? []);
    this.#answers.set(key, { ...answer, ranges, reject: [...(before?.reject ?? []), ...answer.reject] });
  }

  #send({ station, ...answer }: Answer): void {
    const standing = this.#ports.store.standing(station, answer.epoch);
    const ack: WireAck = { v: protocolVersion, ...answer, ...standing, credit: CREDIT, retryMs: RETRY_MS };
    this.#ports.send(station, pack(JSON.stringify(ack), codec));
  }

  #tell(level: Note['level'], key: string, sentence: string): void {
    const now = this.#ports.nowWallMs();
    const last = this.#told.get(key);
    if (last !== undefined && Math.abs(now - last) < QUIET_MS) return;
    if (this.#told.size >= MOST_TOLD) this.#told.clear();
    this.#told.set(key, now);
    this.#ports.note({ level, sentence });
  }
}

const MOST_DETAIL = 1000;

function shortened(reject: WireReject): WireReject {
  return { ...reject, detail: reject.detail.slice(0, MOST_DETAIL) };
}
