import { messageOf } from '../core/errors.ts';
import type { Frame } from '../core/frame.ts';
import {
  advance,
  type ClosedPart,
  interruptedPart,
  type LiveJudgement,
  noVerdict,
  openPart,
  outcomeOf,
  type PartId,
  type PartInput,
  type PartRecord,
  type Pulse,
  type Trigger,
} from '../core/part-record.ts';
import { type GateSensorWindow, Reconciler } from '../core/reconcile/reconcile.ts';
import type { Ledger, LedgerOpening } from '../ports/ledger.ts';
import type { Line, LineEvent } from '../ports/line.ts';
import type { Pictures } from '../ports/pictures.ts';
import type { ResumeOrder } from '../ports/status.ts';
import { ClockWatch } from './clock-watch.ts';
import { FrameBook } from './frame-book.ts';
import { type InspectionTools, inspect } from './inspect.ts';
import type { Observe } from './observation.ts';
import { isDoneSoon, noLineToResume, resumedSentence } from './resume.ts';
import { eventRow, partRow } from './rows.ts';

/** Which pictures are kept: all, those of parts that did not plainly pass, or none. */
export type KeepPictures = 'all' | 'rejects' | 'none';

/** What the station is made of. */
export interface StationParts extends InspectionTools {
  readonly line: Line;
  readonly ledger: Ledger;
  readonly pictures: Pictures;
  readonly recipeId: string;
  readonly keepPictures: KeepPictures;
  /** Parts that may be inspected at the same time; one more gets the outcome `overflow`. */
  readonly maxInspections: number;
  /** Where a part must be seen by the sensor at the gate; left out where there is none. */
  readonly gateSensor?: GateSensorWindow;
  readonly observe: Observe;
}

type GateEvent = Extract<LineEvent, { kind: 'gate' | 'review-gate' }>;

interface OpenPart {
  record: PartRecord;
  /** Null once the inspection is over. */
  abort: AbortController | null;
  frame: Frame | null;
}

/** Made once: the default reason would be an error with a stack trace for each part. */
const givenUp = 'the part is decided';

/**
 * Routes what the line tells to the parts' records and their inspections, and closed records to the ledger: one record a
 * trigger, closed exactly once, whatever fails. It holds no gate timing: the line acts without it.
 */
export class Station {
  readonly #parts: StationParts;
  readonly #open = new Map<PartId, OpenPart>();
  readonly #unsaved = new Set<Promise<void>>();
  readonly #frames = new FrameBook();
  readonly #clockWatch: ClockWatch;
  /** The pulse of each gate that is on, and the part that it began with. */
  readonly #pulses = new Map<GateEvent['kind'], { readonly first: PartId; readonly onNs: number }>();
  #reconciler: Reconciler | null = null;
  #inspections = 0;
  #lastSeqBefore = 0;

  constructor(parts: StationParts) {
    this.#parts = parts;
    this.#clockWatch = new ClockWatch(parts.clock);
  }

  /** Parts whose record is open. */
  get openParts(): number {
    return this.#open.size;
  }

  /** Starts to sort, with part numbers that go on where the ledger says. */
  async start({ firstPart, lastSeq }: Pick<LedgerOpening, 'firstPart' | 'lastSeq'>): Promise<void> {
    const { clock, gateSensor } = this.#parts;
    this.#lastSeqBefore = lastSeq;
    if (gateSensor !== undefined) this.#reconciler = new Reconciler(gateSensor, clock.nowNs());
    await this.#parts.line.start(firstPart, (event) => this.#onLine(event));
  }

  /** Stops the line, which closes all records, and waits until the ledger has settled each of them. */
  async stop(): Promise<void> {
    await this.#parts.line.stop();
    await Promise.all(this.#unsaved);
  }

  /**
   * Somebody at the line lets it go on. Tells what came of it, once that is durable or soon after. Rejects with a
   * LinegateError 'device' when the line cannot be told.
   */
  async resume({ beltEmpty, why }: ResumeOrder): Promise<string> {
    const { line, clock } = this.#parts;
    const openParts = this.openParts;
    if (!line.resume(beltEmpty)) throw noLineToResume();
    const noted = this.#append('line-resumed', { beltEmpty, why });
    this.#settle(
      undefined,
      noted.then(() => undefined),
    );
    return resumedSentence({ beltEmpty, openParts, recorded: await isDoneSoon(clock, noted) });
  }

  #onLine(event: LineEvent): void {
    this.#parts.observe({ kind: 'line', event });
    const step = this.#clockWatch.look();
    if (step !== null) this.#note('clock-step', { ...step });
    try {
      this.#reconcile(event);
      this.#route(event);
    } catch (error) {
      this.#survive(event, error);
    }
  }

  /** A fault in here must not stop a line that runs, nor leave a record open. */
  #survive(event: LineEvent, error: unknown): void {
    if (!('part' in event) || event.part === undefined) throw error;
    this.#parts.observe({ kind: 'broken', part: event.part, message: messageOf(error) });
    if (event.kind === 'closed') this.#advance(event.part, { ...event, action: 'unknown' });
  }

  #reconcile(event: LineEvent): void {
    for (const finding of this.#reconciler?.take(event) ?? []) {
      const { kind, ...facts } = finding;
      this.#note(kind, facts);
      this.#parts.observe({ kind: 'finding', finding });
    }
  }

  #route(event: LineEvent): void {
    switch (event.kind) {
      case 'trigger':
        this.#onTrigger(event.part, event.atNs, event.deadlineNs);
        break;
      case 'interrupted':
        this.#onInterrupted(event);
        break;
      case 'resolved':
        this.#advance(event.part, event);
        this.#open.get(event.part)?.abort?.abort(givenUp);
        break;
      case 'gate':
      case 'review-gate':
        this.#onGate(event);
        break;
      case 'closed':
        for (const { first, onNs } of this.#pulses.values()) {
          if (first <= event.part) this.#pulsed(event.part, { onNs, offNs: null });
        }
        this.#advance(event.part, event);
        break;
      case 'stop-line':
        this.#note(event.kind, { part: event.part, reason: event.reason });
        break;
      case 'confirmation':
        if (event.part === undefined) this.#note('confirmation-unexpected', {});
        break;
      case 'fault':
        this.#note('line-fault', { message: event.message });
        break;
      case 'parts-lost':
        this.#onPartsLost(event.fromPart, event.toPart);
        break;
      case 'ready':
        this.#note('ready', { on: event.on, why: event.why });
        break;
      case 'signal':
        this.#note('signal', { signal: event.signal, active: event.active });
        break;
      case 'at-gate':
      case 'at-gate-again':
      case 'encoder':
      case 'missed-pulse':
      case 'too-close':
      case 'trigger-ignored':
      case 'verdict-late':
      case 'verdict-unknown':
      case 'verdict-repeated':
        break;
    }
  }

  #onTrigger(part: PartId, atNs: number, deadlineNs: number): void {
    const { clock, maxInspections } = this.#parts;
    const open: OpenPart = { record: openPart(this.#trigger(part, atNs, deadlineNs)), abort: null, frame: null };
    this.#open.set(part, open);
    if (this.#inspections >= maxInspections) {
      const judgement = noVerdict('overflow', `${maxInspections} parts were being inspected already`, clock.nowNs());
      this.#advance(part, { kind: 'judged', judgement });
      return;
    }
    void this.#inspect(part, open, atNs);
  }

  #trigger(part: PartId, triggerNs: number, deadlineNs: number | null): Trigger {
    const { clock } = this.#parts;
    return { part, triggerNs, triggerWallMs: clock.wallMs() - (clock.nowNs() - triggerNs) / 1e6, deadlineNs };
  }

  #onGate({ kind, state, part, atNs }: GateEvent): void {
    if (state === 'active') {
      this.#pulses.set(kind, { first: part, onNs: atNs });
      return;
    }
    const pulse = this.#pulses.get(kind);
    this.#pulses.delete(kind);
    if (pulse === undefined) return;
    // One pulse may throw out several parts, one behind the other.
    for (let each = pulse.first; each <= part; each += 1) this.#pulsed(each, { onNs: pulse.onNs, offNs: atNs });
  }

  #pulsed(part: PartId, pulse: Pulse): void {
    const record = this.#open.get(part)?.record;
    const thrownOut = record?.state === 'resolved' && record.action === 'eject';
    if (thrownOut && record.pulse === null) this.#advance(part, { kind: 'pulsed', pulse });
  }

  async #inspect(part: PartId, open: OpenPart, triggerNs: number): Promise<void> {
    const { line, clock, observe } = this.#parts;
    this.#inspections += 1;
    const abort = new AbortController();
    open.abort = abort;
    try {
      const judgement = await inspect(this.#parts, this.#frames, { part, triggerNs, signal: abort.signal }, (frame) => {
        open.frame = frame;
        const { sensorNs, clock: clockName, sequence } = frame;
        this.#advance(part, { kind: 'framed', frame: { sensorNs, clock: clockName, sequence } });
      });
      this.#judged(part, judgement);
      if (judgement.kind !== 'verdict') return;
      line.resolve(part, judgement.verdict);
      observe({ kind: 'verdict', part, verdict: judgement.verdict, latencyNs: judgement.atNs - triggerNs });
    } catch (error) {
      observe({ kind: 'broken', part, message: messageOf(error) });
      this.#judged(part, noVerdict('bad-answer', messageOf(error), clock.nowNs()));
    } finally {
      this.#inspections -= 1;
      open.abort = null;
    }
  }

  #judged(part: PartId, judgement: LiveJudgement): void {
    // A part that closed meanwhile has its record already: the line and the log heard of the late verdict.
    if (this.#open.has(part)) this.#advance(part, { kind: 'judged', judgement });
  }

  #advance(part: PartId, input: PartInput): void {
    const open = this.#open.get(part);
    if (open === undefined) return;
    open.record = advance(open.record, input);
    if (open.record.state !== 'closed') return;
    this.#open.delete(part);
    open.abort?.abort(givenUp);
    this.#save(open.record, open.frame);
  }

  #onInterrupted({ part, atNs, closed }: Extract<LineEvent, { kind: 'interrupted' }>): void {
    if (this.#open.has(part)) {
      const unseen = { action: 'unknown', tooClose: false, confirmation: 'none' } as const;
      this.#advance(part, { kind: 'closed', ...unseen, atNs: this.#parts.clock.nowNs() });
      return;
    }
    const trigger = this.#trigger(part, atNs, null);
    this.#save(interruptedPart(trigger, closed ?? null, this.#parts.clock.nowNs()), null);
  }

  #onPartsLost(fromPart: PartId, toPart: PartId): void {
    this.#settle(
      toPart,
      this.#append('parts-lost', { fromPart, toPart }).then((seq) => {
        if (seq !== null) this.#parts.line.acknowledge(toPart);
      }),
    );
  }

  #save(record: ClosedPart, frame: Frame | null): void {
    const picture = frame !== null && this.#keeps(record) ? `${outcomeOf(record)}/${record.part}.png` : null;
    this.#settle(record.part, this.#saveNow(record, picture, frame));
  }

  #settle(part: PartId | undefined, saving: Promise<void>): void {
    const settled: Promise<void> = saving
      .catch((error: unknown) => this.#parts.observe({ kind: 'broken', part, message: messageOf(error) }))
      .finally(() => this.#unsaved.delete(settled));
    this.#unsaved.add(settled);
  }

  async #saveNow(record: ClosedPart, picture: string | null, frame: Frame | null): Promise<void> {
    const { ledger, line, pictures, recipeId, observe } = this.#parts;
    const seq = await ledger.append(partRow(record, recipeId, picture));
    // A row that was folded into a gap row is not durable yet: the line keeps the part until the process ends.
    if (seq !== null) line.acknowledge(record.part);
    if (seq !== null && seq <= this.#lastSeqBefore) {
      observe({ kind: 'known', record, seq });
      return;
    }
    observe({ kind: 'recorded', record, seq });
    if (picture === null || frame === null) return;
    const kept = await pictures.keep(picture, frame);
    if (!kept) observe({ kind: 'picture-lost', part: record.part });
  }

  #keeps(record: ClosedPart): boolean {
    const { keepPictures } = this.#parts;
    return keepPictures === 'all' || (keepPictures === 'rejects' && outcomeOf(record) !== 'pass');
  }

  #note(name: string, payload: Readonly<Record<string, unknown>>): void {
    this.#settle(
      undefined,
      this.#append(name, payload).then(() => undefined),
    );
  }

  #append(name: string, payload: Readonly<Record<string, unknown>>): Promise<number | null> {
    const { ledger, clock } = this.#parts;
    return ledger.append(eventRow(name, { nowNs: clock.nowNs(), wallMs: clock.wallMs() }, payload));
  }
}
