import type { PartId } from '../../core/part-record.ts';
import { type Random, randomOf } from '../../core/render/prng.ts';
import { BeltFaults } from './belt-faults.ts';
import { type Conveyor, chutePassNs, gatePassNs, nextSpacingNs } from './conveyor.ts';
import { FaultDice } from './faults/plan.ts';

/** A physical part between photo-eye and chute. */
export interface MovingPart {
  readonly index: number;
  /** When it is in the middle of the gate. */
  readonly gateNs: number;
  /** The sensor at the gate can tell it from the part before it. */
  readonly apart: boolean;
  /** The sensor in the chute will see it, should it be thrown out. */
  readonly confirms: boolean;
  /** The number that its trigger gave it; none when no trigger was taken for it. */
  part: PartId | undefined;
}

/** What stands along the belt. Everything is told at its exact time, in order. */
export interface BeltSide {
  /** A part, or nothing at all, breaks the photo-eye's beam. */
  atEye(moving: MovingPart | undefined, atNs: number): void;
  /** A part went past the photo-eye unseen. */
  unseen(moving: MovingPart): void;
  /** A part is in the middle of the gate: says whether it is thrown out. */
  atGate(moving: MovingPart, atNs: number): boolean;
  /** The sensor in the chute sees a part. */
  inChute(atNs: number): void;
}

export interface BeltMotionParts {
  readonly conveyor: Conveyor;
  readonly seed: number;
  /** Parts to send; may be Infinity. */
  readonly parts: number;
  readonly dice?: FaultDice | undefined;
}

interface Sliding {
  readonly atNs: number;
  readonly seen: boolean;
}

/** What comes between a part and the next one: an edge of nothing, or a part that touches the one before. */
interface Between {
  readonly atNs: number;
  readonly moving: MovingPart | undefined;
}

const never = Number.POSITIVE_INFINITY;

/** The parts on their way: when they come, slip, reach the gate and slide down the chute, and what goes wrong with them. */
export class BeltMotion {
  readonly #conveyor: Conveyor;
  readonly #parts: number;
  readonly #side: BeltSide;
  readonly #spacings: Random;
  readonly #slips: Random;
  readonly #slides: Random;
  readonly #faults: BeltFaults;
  readonly #toGate: MovingPart[] = [];
  readonly #toChute: Sliding[] = [];
  #nextPartNs = never;
  #between: Between | undefined;
  #sent = 0;
  #lastSlideNs = 0;

  constructor({ conveyor, seed, parts, dice }: BeltMotionParts, side: BeltSide) {
    this.#conveyor = conveyor;
    this.#parts = parts;
    this.#side = side;
    this.#spacings = randomOf(seed, 101);
    this.#slips = randomOf(seed, 102);
    this.#slides = randomOf(seed, 103);
    this.#faults = new BeltFaults(dice ?? new FaultDice(seed, {}), conveyor);
  }

  /** Nothing is on the belt and nothing more will come. */
  get isEmpty(): boolean {
    return this.nextNs() === never;
  }

  /** Lets the first part come at `atNs`. */
  run(atNs: number): void {
    if (this.#sent < this.#parts) this.#nextPartNs = atNs;
  }

  /** Sends no more parts. */
  endOfBatch(): void {
    this.#nextPartNs = never;
  }

  /** When something happens next; Infinity when nothing will. */
  nextNs(): number {
    return Math.min(this.#nextEdgeNs(), this.#toGate[0]?.gateNs ?? never, this.#toChute[0]?.atNs ?? never);
  }

  /** Does what is next. */
  step(): void {
    const atNs = this.nextNs();
    if (this.#toGate[0]?.gateNs === atNs) this.#passGate(this.#toGate.shift());
    else if (this.#toChute[0]?.atNs === atNs) this.#slide(this.#toChute.shift());
    else if (this.#between?.atNs === atNs) this.#follow(this.#between);
    else if (this.#nextPartNs === atNs) this.#arrive(atNs);
  }

  #nextEdgeNs(): number {
    return Math.min(this.#between?.atNs ?? never, this.#nextPartNs);
  }

  #arrive(atNs: number): void {
    const { edge, afterNs, apart, confirms } = this.#faults.draw(atNs);
    const gateNs = gatePassNs(this.#conveyor, atNs, this.#slips);
    const moving: MovingPart = { index: this.#sent++, gateNs, apart: true, confirms, part: undefined };
    this.#toGate.push(moving);
    if (edge === 'double') this.#between = { atNs: atNs + afterNs, moving: undefined };
    if (edge === 'touching' && this.#sent < this.#parts) {
      // It rides with the part that it touches, so it slips as that one does.
      const second = { index: this.#sent++, gateNs: gateNs + afterNs, apart, confirms: true, part: undefined };
      this.#between = { atNs: atNs + afterNs, moving: second };
    }
    const more = this.#sent < this.#parts && this.#nextPartNs !== never;
    this.#nextPartNs = more ? atNs + nextSpacingNs(this.#conveyor, this.#spacings) : never;
    if (edge === 'missed') this.#side.unseen(moving);
    else this.#side.atEye(moving, atNs);
  }

  #follow({ atNs, moving }: Between): void {
    this.#between = undefined;
    if (moving !== undefined) this.#toGate.push(moving);
    this.#side.atEye(moving, atNs);
  }

  #passGate(moving: MovingPart | undefined): void {
    if (moving === undefined || !this.#side.atGate(moving, moving.gateNs)) return;
    // Parts slide one behind the other, however close.
    const slideNs = Math.max(this.#lastSlideNs, chutePassNs(this.#conveyor, moving.gateNs, this.#slides));
    this.#lastSlideNs = slideNs;
    this.#toChute.push({ atNs: slideNs, seen: moving.confirms });
  }

  #slide(sliding: Sliding | undefined): void {
    if (sliding?.seen && this.#faults.chuteSees(sliding.atNs)) this.#side.inChute(sliding.atNs);
  }
}
