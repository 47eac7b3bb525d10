import { includes, type Range, type Ranges, without, withRange, withRanges } from '../../ledger/ranges.ts';
import type { WireAck } from '../protocol.ts';
import { newWindow, step } from '../window.ts';
import { flightWaitMs, type Window, type WindowCommand, type WindowInput, wakeAtMs } from '../window-state.ts';
import { limits } from '../wire.ts';

/** A batch that was sent, as somebody beside the window remembers it. */
interface Sent {
  readonly range: Range;
  readonly sentMs: number;
}

type Read = Extract<WindowCommand, { kind: 'read' }>;

/** What the receiver says of itself beside what it has. */
export interface Terms {
  readonly credit: number;
  readonly retryMs: number;
  readonly reject?: WireAck['reject'];
  /** Its own hash of the last row it has without a hole, where that is another one than the station's. */
  readonly head?: string;
}

/**
 * A window with an outbox and a receiver, whose messages may come in any order, often or never. It keeps its own account of
 * what is under way and durable, and `broken` tells where the window disagrees.
 */
export class WindowWorld {
  readonly broken: string[] = [];
  readonly hellos: number[] = [];
  window: Window = newWindow('w', { epoch: 'e0', lastSeq: 0, ackedSeq: 0 });
  nowMs = 0;
  /** What the receiver has of the epoch. */
  got: Ranges = [];
  /** Batches on their way to it. */
  batches: Range[] = [];
  /** Acks on their way to the station; they stay, so that each may come again. */
  acks: WireAck[] = [];
  /** Acks whose own hash is looked up. */
  compares: WireAck[] = [];
  reads: Read[] = [];
  branchings = 0;
  /** Rows whose durability the window was told of in an ack that it took. */
  #durable: Ranges = [];
  #underWay: readonly Sent[] = [];

  append(rows: number, urgent: boolean): void {
    this.input({ kind: 'appended', lastSeq: this.window.place.lastSeq + rows, urgent, nowMs: this.nowMs });
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.input({ kind: 'tick', nowMs: this.nowMs });
  }

  /** Ends the oldest read: its batch, of so many rows at most, is sent; none could be read where that is 0. */
  read(rows: number): void {
    const read = this.reads.shift();
    if (read === undefined) return;
    const { reading, after } = read;
    if (rows === 0) {
      this.input({ kind: 'not-read', reading, nowMs: this.nowMs });
      return;
    }
    const to = Math.min(read.to, after + rows);
    const { link } = this.window;
    if (link.kind === 'flowing' && link.reading === reading) {
      const range: Range = [after + 1, to];
      this.batches.push(range);
      this.#underWay = [...this.#underWay, { range, sentMs: this.nowMs }];
    }
    this.input({ kind: 'sent', reading, from: after + 1, to, nowMs: this.nowMs });
  }

  /** The receiver commits a batch and answers. */
  receive(index: number, terms: Terms): void {
    const [range] = this.batches.splice(index % Math.max(1, this.batches.length), 1);
    if (range === undefined) return;
    const refused = terms.reject !== undefined;
    if (!refused) this.got = withRange(this.got, range);
    const reject = (terms.reject ?? []).map((one) => ({ ...one, from: range[0], to: range[1] }));
    this.acks.push({ ...this.#standing(terms), hello: null, ranges: refused ? [] : [range], reject });
  }

  /** The receiver answers a hello, the newest where none is named. */
  greet(terms: Terms, hello = `w-${this.window.place.hellos}`): void {
    this.acks.push({ ...this.#standing(terms), hello, ranges: [], reject: [] });
  }

  /** An ack arrives; it may be one that has come before. */
  deliver(index: number): void {
    const ack = this.acks[index % Math.max(1, this.acks.length)];
    if (ack !== undefined) this.input({ kind: 'ack', ack });
  }

  /** Looks an own hash up. `known`: the station still has the row. */
  compare(index: number, known = true): void {
    const [ack] = this.compares.splice(index % Math.max(1, this.compares.length), 1);
    if (ack === undefined) return;
    const has = known && ack.maxContig > 0 && ack.maxContig <= this.window.place.lastSeq;
    const own = has ? `h${ack.maxContig}` : null;
    this.#learn(ack, own);
    this.input({ kind: 'compared', ack, own, nowMs: this.nowMs });
  }

  /** The outbox begins a new epoch, or cannot. */
  branch(works: boolean): void {
    if (this.branchings === 0) return;
    this.branchings -= 1;
    const { nowMs } = this;
    if (!works) {
      this.input({ kind: 'not-branched', nowMs });
      return;
    }
    const { ackedSeq, lastSeq, epoch } = this.window.place;
    this.got = ackedSeq > 0 ? [[1, ackedSeq]] : [];
    this.#durable = this.got;
    this.batches = [];
    this.input({ kind: 'branched', epoch: `e${Number(epoch.slice(1)) + 1}`, lastSeq: lastSeq + 1, ackedSeq, nowMs });
  }

  input(input: WindowInput): void {
    const before = this.window;
    if (input.kind === 'tick') this.#expire();
    const { window, commands } = step(before, input);
    this.window = window;
    if (window.link.kind !== 'flowing') this.#underWay = [];
    for (const command of commands) this.#obey(command);
    this.#checkFlights();
    this.#checkWakes();
  }

  #standing({ credit, retryMs, head }: Terms) {
    const [first] = this.got;
    const maxContig = first?.[0] === 1 ? first[1] : 0;
    const known = maxContig === 0 ? null : `h${maxContig}`;
    return { v: 1, epoch: this.window.place.epoch, maxContig, head: head ?? known, credit, retryMs };
  }

  /** What the window may believe from here on. */
  #learn(ack: WireAck, own: string | null): void {
    const { place, link } = this.window;
    if (ack.epoch !== place.epoch) return;
    if (link.kind === 'greeting' && ack.hello === link.id) {
      const proven = own !== null && own === ack.head;
      // What the receiver has lost by its own word is not durable any more, nor what it told with a head that is not the
      // station's, which the window does not take.
      const to = proven ? ack.maxContig : Math.min(ack.maxContig, this.#durableTo(), place.ackedSeq);
      this.#durable = to > 0 ? [[1, to]] : [];
    }
    if (link.kind !== 'flowing' || ack.hello !== null) return;
    this.#durable = withRanges(this.#durable, ack.ranges);
    const durableTo = this.#durableTo();
    // What is durable already is not refused any more, by a message that comes late.
    const refused = ack.reject.filter(({ to }) => to > durableTo);
    const done = refused.reduce<Ranges>((all, { from, to }) => withRange(all, [from, to]), ack.ranges);
    this.#underWay = this.#underWay.flatMap(({ range, sentMs }) =>
      without([range], done).map((left) => ({ range: left, sentMs })),
    );
  }

  /** The last of the rows that are durable without a hole. */
  #durableTo(): number {
    const [first] = this.#durable;
    return first?.[0] === 1 ? first[1] : 0;
  }

  #expire(): void {
    const waitMs = flightWaitMs(this.window.place);
    this.#underWay = this.#underWay.filter(({ sentMs }) => this.nowMs < sentMs + waitMs);
  }

  #obey(command: WindowCommand): void {
    switch (command.kind) {
      case 'hello':
        this.hellos.push(this.nowMs);
        break;
      case 'compare':
        this.compares.push(command.ack);
        break;
      case 'branch':
        this.branchings += 1;
        break;
      case 'read':
        this.#checkRead(command);
        this.reads.push(command);
        break;
      case 'acknowledge': {
        const lacking = without(command.seq > 0 ? [[1, command.seq]] : [], this.#durable);
        if (lacking.length > 0) this.broken.push(`acknowledged ${command.seq} without ${JSON.stringify(lacking)}`);
        break;
      }
      case 'tell':
        break;
    }
  }

  #checkRead({ after, to }: Read): void {
    const { place, link } = this.window;
    const wanted: Ranges = [[after + 1, to]];
    const again = without(wanted, without(wanted, this.#busy()));
    if (after >= to || to > place.lastSeq) this.broken.push(`read ${after} to ${to} of ${place.lastSeq}`);
    if (again.length > 0) this.broken.push(`sends ${JSON.stringify(again)} again before its time`);
    const flights = link.kind === 'flowing' ? link.flights.length : Number.POSITIVE_INFINITY;
    const most = Math.min(place.credit, limits.credit);
    if (flights >= most) this.broken.push(`${flights} under way and one more with a credit of ${most}`);
    if (includes(place.acked, after + 1) || after < place.ackedSeq)
      this.broken.push(`sends ${after + 1}, which is durable`);
  }

  #busy(): Ranges {
    return this.#underWay.reduce<Ranges>((all, { range }) => withRange(all, range), []);
  }

  /** Nothing that was sent and not answered in time is forgotten, and nothing else is taken for it. */
  #checkFlights(): void {
    const { link } = this.window;
    if (link.kind !== 'flowing') return;
    const flights = link.flights.reduce<Ranges>((all, { from, to }) => withRange(all, [from, to]), []);
    if (JSON.stringify(flights) !== JSON.stringify(this.#busy())) {
      this.broken.push(`flights are ${JSON.stringify(flights)} and should be ${JSON.stringify(this.#busy())}`);
    }
  }

  /** Where something is left to do and nobody is asked for it, the window must want to be woken. */
  #checkWakes(): void {
    const { place, link } = this.window;
    const waits = link.kind === 'greeting' || (link.kind === 'flowing' && link.reading === null);
    if (waits && place.ackedSeq < place.lastSeq && wakeAtMs(this.window, this.nowMs) === null) {
      this.broken.push(`sleeps for ever in ${link.kind} with rows up to ${place.lastSeq} of ${place.ackedSeq}`);
    }
  }
}
