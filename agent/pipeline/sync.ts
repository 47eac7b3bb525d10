import { messageOf } from '../core/errors.ts';
import { protocolVersion, type WireAck, type WireHello, type WireState } from '../core/sync/protocol.ts';
import { cutBatch, type PartsPolicy } from '../core/sync/select.ts';
import { newWindow, step } from '../core/sync/window.ts';
import { groupRows, type Window, type WindowCommand, type WindowInput, wakeAtMs } from '../core/sync/window-state.ts';
import { limits, pack, readAck, unpack } from '../core/sync/wire.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Uplink, UplinkEvent } from '../ports/uplink.ts';
import { zlibCodec } from './sync-codec.ts';
import { type Job, Jobs } from './sync-jobs.ts';

/** What the station says of itself. */
export interface SyncFacts {
  readonly bootId: string | null;
  readonly software: string;
  readonly recipe: string;
  readonly modelDigest: string;
  /** Whether the wall clock is set by the network. */
  readonly clockState: () => WireHello['clock']['state'];
}

/** What a person or the status should hear. */
export type SyncObservation =
  /** A receiver answers. */
  | { readonly kind: 'connected' }
  /** `unanswered`: the broker is there, and no receiver answers. */
  | { readonly kind: 'disconnected' | 'unanswered'; readonly reason: string }
  /** `conflict`: a new epoch begins; `refused`: rows were not taken; `rewound`: the receiver lost rows. Sentences. */
  | { readonly kind: 'conflict' | 'refused' | 'rewound' | 'bad-message' | 'outbox'; readonly detail: string };

export interface SyncOptions {
  readonly outbox: Outbox;
  readonly uplink: Uplink;
  readonly clock: Clock;
  readonly parts: PartsPolicy;
  readonly facts: SyncFacts;
  readonly observe: (observation: SyncObservation) => void;
}

/** How far the receiver has what the ledger holds. */
export interface SyncState {
  /** `greeting`: connected, and the receiver has not answered yet. */
  readonly link: Window['link']['kind'];
  readonly epoch: string;
  readonly lastSeq: number;
  readonly ackedSeq: number;
  /** Rows that no receiver has made durable. */
  readonly backlogRows: number;
  readonly lastAckWallMs: number | null;
  readonly badMessages: number;
}

type Alarms = NonNullable<WireState['alarms']>;

/** Rows that the policy leaves out shrink to spans, so more of them fit into a batch. */
const leftOutRows = 500;
const goodbyeMs = 1000;
const nsPerMs = 1e6;

/** Brings the outbox to a receiver: every row at least once, in whatever state network and receiver are. */
export class Sync {
  readonly #options: SyncOptions;
  readonly #jobs = new Jobs((job) => this.#work(job));
  #window: Window | undefined;
  #unsubscribe: () => void = () => undefined;
  #cancelTick: () => void = () => undefined;
  /** When the next tick is due. */
  #tickMs: number | null = null;
  #waiters: readonly { readonly seq: number; readonly done: () => void }[] = [];
  #alarms: Alarms = [];
  /** What was told last of the way to the receiver. */
  #reach = '';
  #lastAckWallMs: number | null = null;
  #badMessages = 0;
  #stopping: Promise<void> | null = null;
  #stopped = false;

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  /** Rejects with a LinegateError for what cannot ever work; a broker that is not there is no such thing. */
  async start(): Promise<void> {
    const { outbox, uplink } = this.#options;
    let newest = 0;
    this.#unsubscribe = outbox.subscribe((lastSeq, urgent) => {
      newest = lastSeq;
      this.#step({ kind: 'appended', lastSeq, urgent, nowMs: this.#nowMs() });
    });
    const state = await outbox.state();
    const lastSeq = Math.max(state.lastSeq, newest);
    this.#window = newWindow(crypto.randomUUID().slice(0, 8), { ...state, lastSeq });
    await uplink.start((event) => this.#onEvent(event));
  }

  state(): SyncState {
    const { link, place } = this.#window ?? newWindow('', { epoch: '', lastSeq: 0, ackedSeq: 0 });
    const { epoch, lastSeq, ackedSeq } = place;
    const [lastAckWallMs, badMessages] = [this.#lastAckWallMs, this.#badMessages];
    return { link: link.kind, epoch, lastSeq, ackedSeq, backlogRows: lastSeq - ackedSeq, lastAckWallMs, badMessages };
  }

  /** The alarms that stand, for whoever looks at the station from afar. */
  setAlarms(alarms: Alarms): void {
    this.#alarms = alarms;
    if (this.state().link !== 'offline') void this.#publishState(true);
  }

  /** Whether, within `timeoutMs`, all rows that are in the outbox now became durable at the receiver. */
  drained(timeoutMs: number): Promise<boolean> {
    const seq = this.state().lastSeq;
    return new Promise((resolve) => {
      const waiter = { seq, done: () => finish(true) };
      const cancel = this.#after(timeoutMs, () => finish(false));
      const finish = (whole: boolean): void => {
        cancel();
        this.#waiters = this.#waiters.filter((one) => one !== waiter);
        resolve(whole);
      };
      this.#waiters = [...this.#waiters, waiter];
      this.#step({ kind: 'appended', lastSeq: seq, urgent: true, nowMs: this.#nowMs() });
    });
  }

  /** Sends what it can within `drainMs` while there is a connection, then says goodbye. */
  stop(drainMs: number): Promise<void> {
    this.#stopping ??= this.#stop(drainMs);
    return this.#stopping;
  }

  async #stop(drainMs: number): Promise<void> {
    if (this.state().link !== 'offline') {
      await this.drained(drainMs);
      await this.#within(goodbyeMs, this.#publishState(false));
    }
    this.#stopped = true;
    this.#unsubscribe();
    this.#cancelTick();
    this.#jobs.clear();
    await this.#options.uplink.stop();
  }

  #onEvent(event: UplinkEvent): void {
    if (this.#stopped) return;
    if (event.kind === 'ack') {
      this.#onAck(event.payload);
      return;
    }
    if (event.kind === 'connected') void this.#publishState(true);
    else this.#tellReach(event);
    this.#step({ kind: event.kind, nowMs: this.#nowMs() });
  }

  #onAck(payload: Uint8Array): void {
    let ack: WireAck;
    try {
      ack = readAck(unpack(payload, 'ack', zlibCodec));
    } catch (error) {
      this.#badMessages += 1;
      this.#options.observe({ kind: 'bad-message', detail: messageOf(error) });
      return;
    }
    if (ack.epoch === this.state().epoch) this.#lastAckWallMs = this.#options.clock.wallMs();
    this.#step({ kind: 'ack', ack });
  }

  #step(input: WindowInput): void {
    if (this.#window === undefined || this.#stopped) return;
    const { window, commands } = step(this.#window, input);
    this.#window = window;
    for (const command of commands) {
      if (command.kind === 'tell') this.#tell(command);
      else this.#jobs.add(command);
    }
    if (window.link.kind === 'flowing' || window.link.kind === 'branching') this.#tellReach({ kind: 'connected' });
    const { ackedSeq } = window.place;
    for (const { done } of this.#waiters.filter(({ seq }) => seq <= ackedSeq)) done();
    this.#armTick(window);
  }

  #tell({ about, detail }: Extract<WindowCommand, { kind: 'tell' }>): void {
    if (about === 'unanswered') this.#tellReach({ kind: about, reason: detail });
    else this.#options.observe({ kind: about, detail });
  }

  /** A broker that drops the station again and again, for what it says, is no news each time. */
  #tellReach(reach: Exclude<SyncObservation, { detail: string }>): void {
    const said = JSON.stringify(reach);
    if (said === this.#reach) return;
    this.#reach = said;
    this.#options.observe(reach);
  }

  #armTick(window: Window): void {
    const nowMs = this.#nowMs();
    // One that is due is on its way: to take it back now would lose it.
    if (this.#tickMs !== null && this.#tickMs <= nowMs) return;
    this.#cancelTick();
    this.#tickMs = wakeAtMs(window, nowMs);
    if (this.#tickMs === null) return;
    this.#cancelTick = this.#options.clock.at(Math.ceil(this.#tickMs) * nsPerMs, () => {
      this.#tickMs = null;
      this.#step({ kind: 'tick', nowMs: this.#nowMs() });
    });
  }

  /** Whatever fails is tried again later: a hello and a batch because no answer comes, the others as they are told here. */
  async #work(job: Job): Promise<void> {
    try {
      await this.#ask(job);
    } catch (error) {
      const detail = `The ledger could not ${job.kind === 'read' ? 'give rows to send' : `do its part of the sync (${job.kind})`}: ${messageOf(error)}`;
      this.#options.observe({ kind: 'outbox', detail });
      const nowMs = this.#nowMs();
      if (job.kind === 'read') this.#step({ kind: 'not-read', reading: job.reading, nowMs });
      if (job.kind === 'branch') this.#step({ kind: 'not-branched', nowMs });
    }
  }

  async #ask(job: Job): Promise<void> {
    const { outbox } = this.#options;
    switch (job.kind) {
      case 'compare': {
        const { ack } = job;
        const own = ack.maxContig > 0 ? await outbox.hashAt(ack.maxContig) : null;
        return this.#step({ kind: 'compared', ack, own, nowMs: this.#nowMs() });
      }
      case 'acknowledge':
        return outbox.acknowledge(job.seq);
      case 'branch': {
        const { epoch, lastSeq, ackedSeq } = await outbox.branch(job.why);
        return this.#step({ kind: 'branched', epoch, lastSeq, ackedSeq, nowMs: this.#nowMs() });
      }
      case 'hello':
        return this.#hello(job.id);
      case 'read':
        return this.#read(job);
    }
  }

  async #hello(id: string): Promise<void> {
    const { outbox, clock, facts } = this.#options;
    const { epoch, parent, lastSeq, head, ackedSeq } = await outbox.state();
    const { clockState, ...told } = facts;
    const now = { monoMs: clock.nowNs() / nsPerMs, wallMs: clock.wallMs(), state: clockState() };
    const where = { epoch, parent, firstUnacked: ackedSeq + 1, lastSeq, head };
    const hello: WireHello = { v: protocolVersion, id, ...where, ...told, clock: now };
    void this.#publish('hello', JSON.stringify(hello));
  }

  async #read({ reading, after, to }: Extract<Job, { kind: 'read' }>): Promise<void> {
    const { outbox, parts } = this.#options;
    const rows = parts === 'all' ? groupRows : leftOutRows;
    const page = await outbox.read(after, { rows: Math.min(rows, to - after), bytes: limits.batchBytes });
    const { epoch } = this.state();
    const batch = cutBatch(epoch, page, parts, to);
    const nowMs = this.#nowMs();
    if (batch === null) return this.#step({ kind: 'not-read', reading, nowMs });
    const { link } = this.#window ?? {};
    if (link?.kind === 'flowing' && link.reading === reading) void this.#publish('batch', batch.text);
    this.#step({ kind: 'sent', reading, from: batch.from, to: batch.to, nowMs });
  }

  /** Not awaited where it is called: whether the broker took it says nothing, only the receiver's ack does. */
  #publish(channel: 'batch' | 'hello' | 'state', text: string): Promise<boolean> {
    return this.#options.uplink.publish(channel, pack(text, zlibCodec));
  }

  #publishState(online: boolean): Promise<boolean> {
    const { clock, facts } = this.#options;
    const { software, recipe } = facts;
    const about = { software, recipe, alarms: this.#alarms };
    const state: WireState = { v: protocolVersion, online, wallMs: clock.wallMs(), ...about };
    return this.#publish('state', JSON.stringify(state));
  }

  async #within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
    let cancel = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      cancel = this.#after(timeoutMs, resolve);
    });
    await Promise.race([work, timeout]);
    cancel();
  }

  #after(waitMs: number, action: () => void): () => void {
    const { clock } = this.#options;
    return clock.at(clock.nowNs() + waitMs * nsPerMs, action);
  }

  /** Whole ms, so that a wake-up asked for is never a rounding error early. */
  #nowMs(): number {
    return Math.floor(this.#options.clock.nowNs() / nsPerMs);
  }
}
