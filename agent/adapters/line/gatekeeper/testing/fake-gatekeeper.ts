import type { PartId } from '../../../../core/part-record.ts';
import { Tracker, type TrackerCalibration, type TrackerEvent } from '../../../../core/track/tracker.ts';
import type { Clock } from '../../../../ports/clock.ts';
import type { Connection, ConnectionHandlers, Dial } from '../connection.ts';
import type { RawRecord, RawRequest } from '../raw.ts';
import { readRequest, writeRecord } from './wire.ts';

type Fields = Omit<Partial<RawRecord>, 'number'> & Pick<RawRecord, 'kind'>;
type Closed = Extract<TrackerEvent, { kind: 'closed' }>;

interface Kept {
  readonly atNs: number;
  closed: Closed | 'open' | 'died';
}

interface Link {
  readonly handlers: ConnectionHandlers;
  readonly nonce: bigint;
  sent: bigint;
  heard: bigint;
  attachNext: PartId | null;
  waiting: Uint8Array[];
}

const verdicts = ['none', 'pass', 'reject', 'review'] as const;
const actions = [undefined, 'eject', 'pass', 'missed', 'aborted'] as const;
const causes = ['stopped', 'verdict', 'fail-safe', 'too-close'] as const;

export interface FakeOptions {
  readonly clock: Clock;
  readonly calibration: Omit<TrackerCalibration, 'firstPart'>;
  readonly digest: bigint;
  /** How often a part comes by itself; with `belt` one comes by `trigger`, and the calibration is in counts of that belt. */
  readonly everyMs: number | 'belt';
}

/** A gatekeeper in this process: the same records and rules of the session, the real tracker, no GPIO, one gate. */
export class FakeGatekeeper {
  readonly #options: FakeOptions;
  readonly #ring = new Map<PartId, Kept>();
  #tracker: Tracker | undefined;
  #next: PartId = 1;
  #numbered = false;
  #link: Link | undefined;
  #nonces = 0n;
  #holding = false;
  #counts = 0;
  #furthestCounts = 0;
  #cancelTick: () => void = () => {};
  #cancelPart: () => void = () => {};

  constructor(options: FakeOptions) {
    this.#options = options;
  }

  /** The arguments of each RESUME. */
  readonly resumed: number[] = [];

  readonly dial: Dial = (handlers) => {
    if (this.#tracker === undefined || this.#link !== undefined) {
      const busy = this.#tracker !== undefined;
      queueMicrotask(() => {
        if (busy) handlers.onBytes(writeRecord({ kind: 66, number: 1n, code: 1 }));
        handlers.onClosed('ECONNREFUSED');
      });
      return { send: () => {}, close: () => {} };
    }
    this.#nonces += 1n;
    const link: Link = { handlers, nonce: this.#nonces, sent: 0n, heard: 0n, attachNext: null, waiting: [] };
    this.#link = link;
    const { digest } = this.#options;
    const next = BigInt(this.#next);
    this.tell({
      kind: 64,
      due: BigInt.asIntN(64, digest),
      part: next,
      value: link.nonce,
      flag: Number(this.#numbered),
    });
    return this.#connection(link);
  };

  /** The process begins; its ring is as it was left. */
  start(): void {
    const { calibration, clock, everyMs } = this.#options;
    this.#tracker = Tracker.create({ ...calibration, firstPart: this.#next });
    this.#counts = this.#furthestCounts = 0;
    if (everyMs === 'belt') return;
    const part = (): void => {
      this.#act((tracker, nowNs) => tracker.trigger(nowNs));
      this.#cancelPart = clock.at(clock.nowNs() + everyMs * 1e6, part);
    };
    this.#cancelPart = clock.at(clock.nowNs() + everyMs * 1e6, part);
  }

  /** The belt goes so many counts, back where they are negative. */
  move(counts: number): void {
    for (let count = 0; count < Math.abs(counts); count += 1) {
      this.#counts += Math.sign(counts);
      this.#furthestCounts = Math.max(this.#furthestCounts, this.#counts);
      this.#act(() => {});
    }
  }

  /** A part at the photo-eye. */
  trigger(): void {
    if (this.#counts < this.#furthestCounts) this.tell({ kind: 98, code: 2 });
    else this.#act((tracker, now) => tracker.trigger(now));
  }

  /** A part at the sensor at the gate. */
  partAtGate(): void {
    this.tell({ kind: 70, code: 3, flag: 1, value: BigInt(this.#furthestCounts - this.#counts) });
  }

  /** kill -9. */
  die(): void {
    this.#cancelTick();
    this.#cancelPart();
    this.#tracker = undefined;
    for (const kept of this.#ring.values()) if (kept.closed === 'open') kept.closed = 'died';
    this.cut();
  }

  /** The ring's file is gone with the process. */
  loseRing(): void {
    this.#ring.clear();
    this.#next = 1;
    this.#numbered = false;
  }

  /** The connection is gone, as when the agent dies. */
  cut(why = 'it hung up'): void {
    const link = this.#link;
    this.#link = undefined;
    link?.handlers.onClosed(why);
  }

  /** What is told waits until `release`. */
  hold(): void {
    this.#holding = true;
  }

  release(): void {
    this.#holding = false;
    this.#flush();
  }

  /** Sends a record of the present connection. */
  tell(fields: Fields): void {
    const link = this.#link;
    if (link === undefined) return;
    link.sent += 1n;
    const at = BigInt(this.#options.clock.nowNs());
    const counts = BigInt(this.#furthestCounts);
    link.waiting.push(writeRecord({ at, counts, ...fields, number: link.sent }));
    queueMicrotask(() => this.#flush());
  }

  /** Bytes as they are, in pieces that no record fits. */
  tellBytes(bytes: Uint8Array): void {
    this.#link?.waiting.push(bytes);
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const link = this.#link;
    if (link === undefined || this.#holding) return;
    const bytes = Buffer.concat(link.waiting);
    link.waiting = [];
    for (let from = 0; from < bytes.length; from += 100) link.handlers.onBytes(bytes.subarray(from, from + 100));
  }

  #connection(link: Link): Connection {
    return {
      send: (bytes) => {
        if (this.#link === link) this.#take(link, readRequest(bytes));
      },
      close: () => {
        if (this.#link === link) this.#link = undefined;
      },
    };
  }

  #take(link: Link, request: RawRequest): void {
    link.heard += 1n;
    const code = this.#answer(link, request);
    if (code !== 0) this.tell({ kind: 66, code });
  }

  /** The code of the refusal, or 0. */
  #answer(link: Link, { kind, number, nonce, part, argument }: RawRequest): number {
    if (nonce !== link.nonce) return 3;
    if (number !== link.heard) return 4;
    if ((kind === 1) !== (link.attachNext === null)) return 6;
    switch (kind) {
      case 1:
        return this.#attach(link, Number(part));
      case 2:
        return this.#verdict(link, Number(part), argument);
      case 3:
        return this.#acknowledge(Number(part));
      case 4:
        this.tell({ kind: 69, flag: 1 });
        return 0;
      case 5:
        this.#act((tracker) => tracker.resume());
        this.resumed.push(argument);
        return 0;
      case 6:
        this.#link = undefined;
        return 0;
      default:
        return 7;
    }
  }

  #acknowledge(part: PartId): number {
    if (this.#ring.get(part)?.closed === 'open' || part >= this.#next) return 5;
    this.#ring.delete(part);
    return 0;
  }

  #attach(link: Link, firstPart: PartId): number {
    if (this.#numbered && firstPart > this.#next) return 8;
    if (!this.#numbered) this.#number(firstPart - 1);
    link.attachNext = this.#next;
    const closed = [...this.#ring].filter(([, kept]) => kept.closed !== 'open');
    this.tell({ kind: 65, part: BigInt(this.#next), value: BigInt(this.#ring.size) });
    for (const [part, kept] of closed) this.#interrupted(part, kept);
    return 0;
  }

  /** The numbers of a new ring begin with the agent's first part. */
  #number(offset: number): void {
    this.#numbered = true;
    const before = [...this.#ring];
    this.#ring.clear();
    for (const [part, kept] of before) this.#ring.set(part + offset, kept);
    this.#next += offset;
    const { calibration } = this.#options;
    // Here, unlike in the real one, the tracker's own numbers are those told; none is open before the first agent.
    this.#tracker = Tracker.create({ ...calibration, firstPart: this.#next });
  }

  #verdict({ attachNext }: Link, part: PartId, code: number): number {
    const verdict = verdicts[code];
    if (verdict === undefined || verdict === 'none') return 5;
    if (part < (attachNext ?? 0) || part >= this.#next) this.tell({ kind: 105, part: BigInt(part), verdict: code });
    else this.#act((tracker, nowNs) => tracker.verdict(part, verdict, nowNs));
    return 0;
  }

  #act(input: (tracker: Tracker, nowNs: number) => void): void {
    if (this.#tracker === undefined) return;
    const isBelt = this.#options.everyMs === 'belt';
    const nowNs = isBelt ? this.#furthestCounts : this.#options.clock.nowNs();
    input(this.#tracker, nowNs);
    this.#tracker.tick(nowNs);
    for (const event of this.#tracker.drain()) this.#follow(event);
    this.#cancelTick();
    if (isBelt) return;
    const nextNs = this.#tracker.nextNs();
    this.#cancelTick = nextNs === undefined ? () => {} : this.#options.clock.at(nextNs, () => this.#act(() => {}));
  }

  #follow(event: TrackerEvent): void {
    if (event.kind === 'trigger') {
      this.#next = event.part + 1;
      this.#ring.set(event.part, { atNs: event.atNs, closed: 'open' });
    }
    const kept = 'part' in event && event.part !== undefined ? this.#ring.get(event.part) : undefined;
    if (event.kind === 'closed' && kept !== undefined) kept.closed = event;
    const attachNext = this.#link?.attachNext ?? null;
    if (attachNext === null) return;
    const isBefore = 'part' in event && event.part !== undefined && event.part < attachNext;
    if (!isBefore || event.kind === 'gate') this.tell(fieldsOf(event));
    else if (event.kind === 'closed' && kept !== undefined) this.#interrupted(event.part, kept);
  }

  #interrupted(part: PartId, { atNs, closed }: Kept): void {
    const told = { kind: 68, at: BigInt(atNs), part: BigInt(part) };
    if (typeof closed === 'string') this.tell(told);
    else this.tell({ ...fieldsOf(closed), ...told, value: BigInt(closed.atNs), code: 1 });
  }
}

/** The tracker's event as a record. */
function fieldsOf(event: TrackerEvent): Fields {
  const part = 'part' in event ? BigInt(event.part ?? 0) : 0n;
  const due = 'scheduledNs' in event ? BigInt(event.scheduledNs) : 0n;
  switch (event.kind) {
    case 'trigger':
      return { kind: 97, part, due: BigInt(event.deadlineNs) };
    case 'trigger-ignored':
      return { kind: 98, code: event.reason === 'bounce' ? 0 : 1 };
    case 'too-close':
      return { kind: 99, part, value: BigInt(event.neighbour) };
    case 'resolved':
      return { kind: 100, part, due, ...settledOf(event) };
    case 'gate':
      return { kind: event.state === 'active' ? 101 : 102, part, due, code: 1 };
    case 'missed-pulse':
      return { kind: 103, part, due, code: 1 };
    case 'verdict-late':
      return { kind: 104, part, verdict: verdicts.indexOf(event.verdict) };
    case 'verdict-unknown':
      return { kind: 105, part, verdict: verdicts.indexOf(event.verdict) };
    case 'verdict-repeated':
      return { kind: 106, part, verdict: verdicts.indexOf(event.verdict) };
    case 'confirmation':
      return { kind: event.part === undefined ? 108 : 107, part };
    case 'closed':
      return { kind: 109, part, due, ...settledOf(event) };
    case 'stop-line':
      return { kind: 110, part, cause: causes.indexOf(event.reason) };
  }
}

function settledOf(event: Extract<TrackerEvent, { kind: 'resolved' | 'closed' }>): Partial<RawRecord> {
  return {
    action: actions.indexOf(event.action),
    cause: causes.indexOf(event.cause),
    verdict: verdicts.indexOf(event.verdict),
    confirmation: event.kind === 'closed' ? ['none', 'confirmed', 'unconfirmed'].indexOf(event.confirmation) : 0,
    flag: event.tooClose ? 1 : 0,
  };
}
