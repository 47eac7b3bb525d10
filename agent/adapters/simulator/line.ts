import { LinegateError } from '../../core/errors.ts';
import type { PartId, Verdict } from '../../core/part-record.ts';
import type { TrackerEvent } from '../../core/track/events.ts';
import { Tracker } from '../../core/track/tracker.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal } from '../../ports/journal.ts';
import type { Line, LineEvent } from '../../ports/line.ts';
import type { Belt, PartSource } from './belt.ts';
import { BeltMotion, type MovingPart } from './belt-motion.ts';
import { type Conveyor, calibrationOf, isHit } from './conveyor.ts';
import type { FaultDice } from './faults/plan.ts';
import type { Judge } from './judge.ts';
import { LineMemory } from './line-memory.ts';

/** What the virtual line is made of. */
export interface SimulatedLineParts {
  readonly clock: Clock;
  readonly conveyor: Conveyor;
  readonly source: PartSource;
  readonly belt: Belt;
  readonly judge: Judge;
  /** Opened by the line; closed by its owner, when the last record has been acknowledged. */
  readonly journal: Journal;
  readonly seed: number;
  /** Parts to send; Infinity goes on until `stop`. */
  readonly parts: number;
  /** What goes wrong at the sensors; nothing when left out. */
  readonly dice?: FaultDice | undefined;
}

/** Pictures that are asked for ahead of their part. */
const picturesAhead = 12;

/** The time from start to the first part at the photo-eye, for the first pictures to be made in. */
const leadInNs = 500e6;

/**
 * A virtual conveyor around the real tracker. Everything physical happens at its exact simulated time, in order, whenever
 * the event loop gets to it: like a gatekeeper's process, it does not suffer when the agent's is late, and a verdict that
 * comes after its deadline finds the gate already decided. Like that process it also outlives the agent: after `detach`
 * belt, tracker and gate go on, and `start` lets the next agent listen.
 */
export class SimulatedLine implements Line {
  readonly #parts: SimulatedLineParts;
  readonly #motion: BeltMotion;
  readonly #memory = new LineMemory();
  #tracker: Tracker | undefined;
  #listener: ((event: LineEvent) => void) | undefined;
  #cancelTimer: () => void = () => {};
  #armedNs = Number.POSITIVE_INFINITY;
  #prepared = 0;
  /** What broke the photo-eye's beam just now. */
  #inBeam: MovingPart | undefined;
  #gateActiveSinceNs: number | null = null;
  #gateInactiveNs = Number.NEGATIVE_INFINITY;
  #openParts = 0;
  #onEmpty: () => void = () => {};

  /** Settles when the last part has left the belt and its record can close. */
  readonly finished: Promise<void>;

  constructor(parts: SimulatedLineParts) {
    this.#parts = parts;
    this.#motion = new BeltMotion(parts, {
      atEye: (moving, atNs) => this.#atEye(moving, atNs),
      unseen: ({ index }) => this.#passedEye(index),
      atGate: (moving, atNs) => this.#atGate(moving, atNs),
      inChute: (atNs) => this.#tracker?.confirm(atNs),
    });
    this.finished = new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /**
   * Starts the line, or, after `detach`, listens to the one that runs: its own part numbers go on then, and parts that no
   * agent acknowledged are told as `interrupted`. Rejects with a LinegateError 'bad-config', or 'illegal-input' when it has
   * a listener already or cannot go on at `firstPart`.
   */
  async start(firstPart: PartId, listener: (event: LineEvent) => void): Promise<void> {
    if (this.#listener !== undefined)
      throw new LinegateError('illegal-input', 'The simulated line has started already.');
    if (this.#tracker === undefined) this.#begin(firstPart);
    else this.#runTo(this.#parts.clock.nowNs());
    if (firstPart > this.#memory.last + 1) throw aheadOfLine(firstPart, this.#memory.last);
    this.#listener = listener;
    for (const event of this.#memory.attach()) listener(event);
    this.#settleWhenEmpty();
    this.#arm();
  }

  /** The agent is dead: nobody listens until the next `start`, parts on the belt get the fail-safe, new ones get numbers. */
  detach(): void {
    this.#runTo(this.#parts.clock.nowNs());
    this.#listener = undefined;
  }

  /** A part that was left behind by an agent has nobody who could know its verdict: that is not taken. */
  resolve(part: PartId, verdict: Verdict): void {
    if (this.#listener === undefined || this.#memory.isLeftBehind(part)) return;
    const nowNs = this.#parts.clock.nowNs();
    this.#runTo(nowNs);
    this.#tracker?.verdict(part, verdict, nowNs);
    this.#drain();
    this.#arm();
  }

  acknowledge(part: PartId): void {
    if (this.#listener === undefined && this.#tracker !== undefined) return;
    this.#memory.acknowledged(part);
    this.#parts.journal.acknowledged(part);
  }

  resume(): boolean {
    this.#tracker?.resume();
    return this.#tracker !== undefined;
  }

  /** Sends no more parts; `finished` settles when the belt is empty. */
  async endOfBatch(): Promise<void> {
    this.#motion.endOfBatch();
    this.#settleWhenEmpty();
  }

  async stop(): Promise<void> {
    this.#cancelTimer();
    this.#armedNs = Number.POSITIVE_INFINITY;
    this.#motion.endOfBatch();
    const nowNs = this.#parts.clock.nowNs();
    this.#runTo(nowNs);
    this.#tracker?.stop(nowNs);
    this.#drain();
    this.#tracker = undefined;
    this.#listener = undefined;
    this.#onEmpty();
  }

  #begin(firstPart: PartId): void {
    const { clock, journal, conveyor } = this.#parts;
    const before = journal.open();
    const first = Math.max(firstPart, before.lastPart + 1);
    this.#tracker = Tracker.create({ ...calibrationOf(conveyor), firstPart: first });
    this.#memory.begin(first - 1, before.open);
    this.#prepare(0);
    this.#motion.run(clock.nowNs() + leadInNs);
  }

  /** Does everything that has happened up to `nowNs`, in its order; the tracker comes first where times are equal. */
  #runTo(nowNs: number): void {
    for (;;) {
      const trackerNs = this.#tracker?.nextNs() ?? Number.POSITIVE_INFINITY;
      const beltNs = this.#motion.nextNs();
      if (Math.min(trackerNs, beltNs) > nowNs) break;
      if (trackerNs <= beltNs) this.#tracker?.tick(trackerNs);
      else this.#motion.step();
      this.#drain();
    }
    this.#settleWhenEmpty();
  }

  /** A timer for what is next; one that is set for that time already stays. */
  #arm(): void {
    const tracker = this.#tracker;
    if (tracker === undefined) return;
    const atNs = Math.min(tracker.nextNs() ?? Number.POSITIVE_INFINITY, this.#motion.nextNs());
    if (atNs === this.#armedNs) return;
    this.#cancelTimer();
    this.#armedNs = atNs;
    if (atNs === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = this.#parts.clock.at(atNs, () => {
      this.#armedNs = Number.POSITIVE_INFINITY;
      this.#runTo(this.#parts.clock.nowNs());
      this.#arm();
    });
  }

  #atEye(moving: MovingPart | undefined, atNs: number): void {
    this.#inBeam = moving;
    this.#tracker?.trigger(atNs);
    this.#drain();
    if (moving === undefined) return;
    if (moving.part === undefined) this.#passedEye(moving.index);
    else this.#prepare(moving.index + 1);
  }

  /** Past the photo-eye without a number. */
  #passedEye(index: number): void {
    this.#parts.judge.missedTrigger();
    this.#prepare(index + 1);
  }

  #prepare(from: number): void {
    const end = Math.min(from + picturesAhead, this.#parts.parts);
    for (; this.#prepared < end; this.#prepared += 1) this.#parts.source.prepare(this.#prepared);
  }

  #atGate(moving: MovingPart, atNs: number): boolean {
    const { belt, judge, conveyor, source } = this.#parts;
    const { part, index } = moving;
    const gate = { activeSinceNs: this.#gateActiveSinceNs, lastInactiveNs: this.#gateInactiveNs };
    const ejected = isHit(conveyor, gate, atNs);
    if (moving.apart) this.#listener?.({ kind: 'at-gate', atNs });
    source.discard(index);
    if (part === undefined) {
      judge.passedUnseen(source.part(index), ejected);
    } else {
      belt.remove(part);
      judge.passedGate(part, ejected);
    }
    return ejected;
  }

  #drain(): void {
    for (const event of this.#tracker?.drain() ?? []) {
      this.#follow(event);
      this.#tell(event);
    }
  }

  /** Of parts that were left behind the agent hears once, when they have closed. */
  #tell(event: TrackerEvent): void {
    if (this.#listener === undefined) return;
    const ofPart = event.kind === 'trigger' || event.kind === 'resolved' || event.kind === 'closed';
    if (!ofPart || !this.#memory.isLeftBehind(event.part)) {
      this.#listener(event);
      return;
    }
    const interrupted = event.kind === 'closed' ? this.#memory.interruption(event.part) : undefined;
    if (interrupted !== undefined) this.#listener(interrupted);
  }

  #follow(event: TrackerEvent): void {
    switch (event.kind) {
      case 'trigger':
        this.#number(event.part, event.atNs);
        break;
      case 'gate':
        this.#gateActiveSinceNs = event.state === 'active' ? event.atNs : null;
        if (event.state === 'inactive') this.#gateInactiveNs = event.atNs;
        break;
      case 'verdict-late':
        this.#parts.judge.verdictLate();
        break;
      case 'closed':
        this.#openParts -= 1;
        this.#memory.closed(event);
        break;
      default:
        break;
    }
  }

  /** What is in the beam, a part or nothing, has its number. */
  #number(part: PartId, atNs: number): void {
    const { belt, journal, judge, source } = this.#parts;
    const moving = this.#inBeam;
    journal.triggered(part, atNs);
    this.#memory.triggered(part, atNs);
    judge.triggered(part, moving === undefined ? undefined : source.part(moving.index));
    this.#openParts += 1;
    if (moving === undefined) return;
    moving.part = part;
    belt.place(part, moving.index);
  }

  #settleWhenEmpty(): void {
    if (this.#openParts === 0 && this.#listener !== undefined && this.#motion.isEmpty) this.#onEmpty();
  }
}

function aheadOfLine(firstPart: PartId, last: PartId): LinegateError {
  const message = `The ledger goes on with part ${firstPart}, but the line that runs has come to part ${last} only; stop the line before another ledger takes over.`;
  return new LinegateError('illegal-input', message);
}
