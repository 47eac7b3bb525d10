import { LinegateError } from '../../../core/errors.ts';
import type { PartId, Verdict } from '../../../core/part-record.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Line, LineEvent } from '../../../ports/line.ts';
import type { Dial } from './connection.ts';
import { endError } from './ends.ts';
import { Events, faultOfMissed, type WatchedInput } from './events.ts';
import { PartBook } from './part-book.ts';
import type { GateRecord } from './records.ts';
import { type Hello, Session, type SessionEnd } from './session.ts';

export interface GatekeeperLineOptions {
  readonly clock: Clock;
  /** The gatekeeper's socket, for what is said to people. */
  readonly socket: string;
  readonly dial: Dial;
  /** Of the gatekeeper.conf that belongs to this station. */
  readonly digest: bigint;
  /** Ready drops without a heartbeat for so long. */
  readonly heartbeatNs: number;
  /** What the calibration measures distances in; time when left out. */
  readonly base?: 'time' | 'encoder';
  /** Those that are wired; none when left out. */
  readonly watched?: readonly WatchedInput[];
}

/** Where a line is between start and stop. `trying` is before the first attach, `lost` between two: why was told once. */
type State =
  | { readonly kind: 'idle' | 'stopped' }
  | { readonly kind: 'trying'; readonly untilNs: number; readonly settle: (error?: LinegateError) => void }
  | { readonly kind: 'attached'; readonly sinceNs: number; readonly tries: number }
  | { readonly kind: 'lost'; readonly told: string; readonly tries: number };

const startWithinNs = 5e9;
const firstRetryNs = 50e6;
const longestRetryNs = 2e9;
/** A connection that lasted so long was a good one: the next one is tried for at once. */
const goodNs = 10e9;

/** The line whose tracker and GPIO lines are the gatekeeper's, another process, which goes on without this one. */
export class GatekeeperLine implements Line {
  readonly #options: GatekeeperLineOptions;
  readonly #book = new PartBook();
  #state: State = { kind: 'idle' };
  #listener: (event: LineEvent) => void = () => {};
  #firstPart: PartId = 1;
  #session: Session | undefined;
  #events: Events;
  #cancelTimer: () => void = () => {};

  constructor(options: GatekeeperLineOptions) {
    this.#options = options;
    this.#events = this.#newEvents();
  }

  /** Waits a few seconds for a gatekeeper that is not there yet. Rejects with a LinegateError 'device' or 'bad-config'. */
  start(firstPart: PartId, listener: (event: LineEvent) => void): Promise<void> {
    if (this.#state.kind !== 'idle') {
      return Promise.reject(new LinegateError('illegal-input', 'The line of the gatekeeper has started already.'));
    }
    this.#firstPart = firstPart;
    this.#listener = listener;
    return new Promise((resolve, reject) => {
      const settle = (error?: LinegateError): void => (error === undefined ? resolve() : reject(error));
      this.#state = { kind: 'trying', untilNs: this.#options.clock.nowNs() + startWithinNs, settle };
      this.#connect();
    });
  }

  /** A verdict that cannot be sent is not kept: the gatekeeper would not take it for a part from before the next attach. */
  resolve(part: PartId, verdict: Verdict): void {
    this.#session?.send({ kind: 'verdict', part, verdict });
  }

  acknowledge(part: PartId): void {
    this.#book.acknowledged(part);
    if (this.#book.isOfThisRing(part)) this.#session?.send({ kind: 'acknowledge', part });
  }

  resume(beltEmpty: boolean): boolean {
    if (this.#state.kind !== 'attached') return false;
    this.#session?.send({ kind: 'resume', beltEmpty });
    return true;
  }

  /** The gatekeeper goes on without ready; what is open is for the next agent. */
  async stop(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'stopped' };
    this.#cancelTimer();
    this.#session?.send({ kind: 'detach' });
    this.#session?.close();
    if (state.kind === 'trying') state.settle(new LinegateError('device', 'The line was stopped while it started.'));
  }

  #connect(): void {
    const { clock, dial, digest } = this.#options;
    this.#session = new Session({
      clock,
      dial,
      digest,
      attach: () => ({ kind: 'attach', role: 'agent', firstPart: Math.max(this.#firstPart, this.#book.next) }),
      onAttached: (hello) => this.#onAttached(hello),
      onRecord: (record, counts) => this.#onRecord(record, counts),
      onEnd: (end) => this.#onEnd(end),
    });
    this.#session.open();
  }

  #onAttached(hello: Hello): void {
    const before = this.#state;
    const tries = before.kind === 'lost' ? before.tries : 0;
    this.#state = { kind: 'attached', sinceNs: this.#options.clock.nowNs(), tries };
    this.#events = this.#newEvents();
    this.#beat();
    if (!hello.numbered) this.#tellAll(this.#book.newRing(Math.max(this.#firstPart, this.#book.next)));
    if (before.kind === 'trying') before.settle();
  }

  #newEvents(): Events {
    const { watched = [], base = 'time' } = this.#options;
    return new Events(watched, base);
  }

  #onRecord(record: GateRecord, counts: number): void {
    const event = this.#events.of(record, counts);
    if (event === undefined) return;
    switch (event.kind) {
      case 'interrupted': {
        const { tell, acknowledge } = this.#book.broughtBack(event);
        if (acknowledge) this.#session?.send({ kind: 'acknowledge', part: event.part });
        this.#tellAll(tell);
        break;
      }
      case 'parts-lost':
        this.#tellAll([...this.#book.lost(event.fromPart, event.toPart), event]);
        break;
      case 'missed-pulse':
        this.#tellAll([event, faultOfMissed(event)]);
        break;
      default:
        this.#book.live(event);
        this.#listener(event);
    }
  }

  #onEnd(end: SessionEnd): void {
    const { clock, socket } = this.#options;
    const state = this.#state;
    const nowNs = clock.nowNs();
    this.#cancelTimer();
    const error = endError(end, socket, Math.max(this.#firstPart, this.#book.next));
    switch (state.kind) {
      case 'idle':
      case 'stopped':
        break;
      case 'trying':
        if (isLasting(end) || nowNs >= state.untilNs) {
          this.#state = { kind: 'stopped' };
          state.settle(error);
        } else this.#retryAt(nowNs + firstRetryNs);
        break;
      case 'attached':
        this.#lost(end, nowNs - state.sinceNs >= goodNs ? 0 : state.tries);
        this.#listener({ kind: 'fault', message: error.message, atNs: nowNs });
        this.#listener({ kind: 'ready', on: false, why: ['gatekeeper-gone'], atNs: nowNs });
        break;
      case 'lost':
        this.#lost(end, state.tries);
        if (state.told !== reasonOf(end)) this.#listener({ kind: 'fault', message: error.message, atNs: nowNs });
        break;
    }
  }

  #lost(end: SessionEnd, tries: number): void {
    this.#state = { kind: 'lost', told: reasonOf(end), tries: tries + 1 };
    this.#retryAt(this.#options.clock.nowNs() + Math.min(longestRetryNs, firstRetryNs * 2 ** Math.min(tries, 10)));
  }

  #retryAt(atNs: number): void {
    this.#cancelTimer = this.#options.clock.at(atNs, () => this.#connect());
  }

  /** From the event loop that gives the verdicts: when that hangs, ready drops. */
  #beat(): void {
    const { clock, heartbeatNs } = this.#options;
    this.#session?.send({ kind: 'heartbeat' });
    this.#cancelTimer = clock.at(clock.nowNs() + heartbeatNs / 4, () => this.#beat());
  }

  #tellAll(events: readonly LineEvent[]): void {
    for (const event of events) this.#listener(event);
  }
}

function reasonOf(end: SessionEnd): string {
  return end.kind === 'refused' ? end.reason : end.kind;
}

/** What no waiting at the start mends. */
function isLasting(end: SessionEnd): boolean {
  if (end.kind === 'refused') return end.reason !== 'busy' && end.reason !== 'stopping';
  return end.kind === 'other-config' || end.kind === 'bad-record';
}
