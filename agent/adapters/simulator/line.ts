import type { PartId, Verdict } from '../../core/part-record.ts';
import { type Random, randomOf } from '../../core/render/prng.ts';
import type { TrackerEvent } from '../../core/track/events.ts';
import { Tracker } from '../../core/track/tracker.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal } from '../../ports/journal.ts';
import type { Line, LineEvent } from '../../ports/line.ts';
import type { Belt, PartSource } from './belt.ts';
import { type Conveyor, calibrationOf, chutePassNs, gatePassNs, isHit, nextSpacingNs } from './conveyor.ts';
import type { Judge } from './judge.ts';

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
}

interface OnBelt {
  readonly index: number;
  readonly part: PartId;
  readonly atNs: number;
}

/** Pictures that are asked for ahead of their part. */
const picturesAhead = 12;

/** The time from start to the first part at the photo-eye, for the first pictures to be made in. */
const leadInNs = 500e6;

/**
 * A virtual conveyor around the real tracker. Everything physical happens at its exact simulated time, in order, whenever
 * the event loop gets to it: like a gatekeeper's process, it does not suffer when the agent's is late, and a verdict that
 * comes after its deadline finds the gate already decided.
 */
export class SimulatedLine implements Line {
  readonly #parts: SimulatedLineParts;
  readonly #arrivals: Random;
  readonly #motion: Random;
  readonly #toGate: OnBelt[] = [];
  readonly #toChute: OnBelt[] = [];
  #tracker: Tracker | undefined;
  #listener: (event: LineEvent) => void = () => {};
  #cancelTimer: () => void = () => {};
  #nextArrivalNs = Number.POSITIVE_INFINITY;
  #sent = 0;
  #gateActiveSinceNs: number | null = null;
  #gateInactiveNs = Number.NEGATIVE_INFINITY;
  #openParts = 0;
  #onEmpty: () => void = () => {};

  /** Settles when the last part has left the belt and its record can close. */
  readonly finished: Promise<void>;

  constructor(parts: SimulatedLineParts) {
    this.#parts = parts;
    this.#arrivals = randomOf(parts.seed, 101);
    this.#motion = randomOf(parts.seed, 102);
    this.finished = new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  async start(firstPart: PartId, listener: (event: LineEvent) => void): Promise<void> {
    const { clock, journal, conveyor } = this.#parts;
    this.#listener = listener;
    const before = journal.open();
    this.#tracker = Tracker.create({
      ...calibrationOf(conveyor),
      firstPart: Math.max(firstPart, before.lastPart + 1),
    });
    for (const { part, atNs } of before.open) listener({ kind: 'interrupted', part, atNs });
    this.#prepare(0);
    this.#nextArrivalNs = clock.nowNs() + leadInNs;
    this.#arm();
  }

  resolve(part: PartId, verdict: Verdict): void {
    const nowNs = this.#parts.clock.nowNs();
    this.#runTo(nowNs);
    this.#tracker?.verdict(part, verdict, nowNs);
    this.#drain();
    this.#arm();
  }

  acknowledge(part: PartId): void {
    this.#parts.journal.acknowledged(part);
  }

  /** Sends no more parts; `finished` settles when the belt is empty. */
  async endOfBatch(): Promise<void> {
    this.#nextArrivalNs = Number.POSITIVE_INFINITY;
    this.#settleWhenEmpty();
  }

  async stop(): Promise<void> {
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    this.#nextArrivalNs = Number.POSITIVE_INFINITY;
    const nowNs = this.#parts.clock.nowNs();
    this.#runTo(nowNs);
    this.#tracker?.stop(nowNs);
    this.#drain();
    this.#tracker = undefined;
    this.#onEmpty();
  }

  /** Does everything that has happened up to `nowNs`, in its order. */
  #runTo(nowNs: number): void {
    for (let atNs = this.#nextNs(); atNs <= nowNs; atNs = this.#nextNs()) {
      if (this.#tracker?.nextNs() === atNs) this.#tracker.tick(atNs);
      else if (this.#toGate[0]?.atNs === atNs) this.#passGate(atNs);
      else if (this.#toChute[0]?.atNs === atNs) this.#passChute(atNs);
      else this.#arrive(atNs);
      this.#drain();
    }
    this.#settleWhenEmpty();
  }

  #nextNs(): number {
    return Math.min(
      this.#tracker?.nextNs() ?? Number.POSITIVE_INFINITY,
      this.#toGate[0]?.atNs ?? Number.POSITIVE_INFINITY,
      this.#toChute[0]?.atNs ?? Number.POSITIVE_INFINITY,
      this.#nextArrivalNs,
    );
  }

  #arm(): void {
    this.#cancelTimer();
    const atNs = this.#nextNs();
    if (this.#tracker === undefined || atNs === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = this.#parts.clock.at(atNs, () => {
      this.#runTo(this.#parts.clock.nowNs());
      this.#arm();
    });
  }

  #arrive(atNs: number): void {
    this.#prepare(this.#sent + 1);
    this.#tracker?.trigger(atNs);
    this.#drain();
    this.#sent += 1;
    const more = this.#sent < this.#parts.parts;
    this.#nextArrivalNs = more ? atNs + nextSpacingNs(this.#parts.conveyor, this.#arrivals) : Number.POSITIVE_INFINITY;
  }

  #prepare(from: number): void {
    const end = Math.min(from + picturesAhead, this.#parts.parts);
    for (let index = from === 0 ? 0 : from + picturesAhead - 1; index < end; index += 1)
      this.#parts.source.prepare(index);
  }

  #passGate(atNs: number): void {
    const { belt, judge, conveyor, source } = this.#parts;
    const passing = this.#toGate.shift();
    if (passing === undefined) return;
    const gate = { activeSinceNs: this.#gateActiveSinceNs, lastInactiveNs: this.#gateInactiveNs };
    const ejected = isHit(conveyor, gate, atNs);
    belt.remove(passing.part);
    source.discard(passing.index);
    judge.passedGate(passing.part, ejected);
    if (ejected) this.#toChute.push({ ...passing, atNs: chutePassNs(conveyor, atNs, this.#motion) });
  }

  #passChute(atNs: number): void {
    this.#toChute.shift();
    this.#tracker?.confirm(atNs);
  }

  #drain(): void {
    for (const event of this.#tracker?.drain() ?? []) {
      this.#follow(event);
      this.#listener(event);
    }
  }

  #follow(event: TrackerEvent): void {
    switch (event.kind) {
      case 'trigger':
        this.#place(event.part, event.atNs);
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
        break;
      default:
        break;
    }
  }

  #place(part: PartId, atNs: number): void {
    const { belt, journal, judge, conveyor, source } = this.#parts;
    const index = this.#sent;
    journal.triggered(part, atNs);
    belt.place(part, index);
    judge.triggered(part, source.part(index));
    this.#toGate.push({ part, index, atNs: gatePassNs(conveyor, atNs, this.#motion) });
    this.#openParts += 1;
  }

  #settleWhenEmpty(): void {
    if (this.#nextArrivalNs !== Number.POSITIVE_INFINITY) return;
    if (this.#toGate.length + this.#toChute.length + this.#openParts === 0) this.#onEmpty();
  }
}
