import { between } from '../../core/render/prng.ts';
import type { Conveyor } from './conveyor.ts';
import type { FaultDice } from './faults/plan.ts';

/** What goes wrong at the sensors with one part. */
export interface PartFaults {
  /** `double`: an edge more, `afterNs` later; `touching`: a second part that much later. */
  readonly edge: 'seen' | 'missed' | 'double' | 'touching';
  readonly afterNs: number;
  /** Of a touching part: there is a gap by the time it is at the gate. */
  readonly apart: boolean;
  /** The sensor in the chute will see the part. */
  readonly confirms: boolean;
}

const none: PartFaults = { edge: 'seen', afterNs: 0, apart: true, confirms: true };

/** Of the lost confirmations, the share with which the sensor stays dead for a while, and for how many parts' time. */
const deadShare = 0.1;
const mostDeadParts = 50;

/** Draws what goes wrong at the photo-eye, the gate's sensor and the chute, once for each part, in the belt's order. */
export class BeltFaults {
  readonly #dice: FaultDice;
  readonly #conveyor: Conveyor;
  #chuteDeadUntilNs = Number.NEGATIVE_INFINITY;

  constructor(dice: FaultDice, conveyor: Conveyor) {
    this.#dice = dice;
    this.#conveyor = conveyor;
  }

  /** For the part that comes to the photo-eye at `atNs`. All dice are cast, and the first that hits is what happens. */
  draw(atNs: number): PartFaults {
    const dice = this.#dice;
    const missed = dice.hits('trigger-missed');
    const touching = dice.hits('parts-touching');
    const double = dice.hits('trigger-double');
    const confirms = !this.#losesConfirmation(atNs);
    if (missed) return { ...none, edge: 'missed', confirms };
    if (touching) return { ...this.#touching(), confirms };
    if (double) return { ...this.#double(), confirms };
    return confirms ? none : { ...none, confirms };
  }

  /** Whether the sensor in the chute works. */
  chuteSees(atNs: number): boolean {
    return atNs >= this.#chuteDeadUntilNs;
  }

  #losesConfirmation(atNs: number): boolean {
    if (!this.#dice.hits('confirmation-lost')) return false;
    const chance = this.#dice.stream('confirmation-lost');
    if (chance() < deadShare) {
      this.#chuteDeadUntilNs = atNs + between(chance, 1, mostDeadParts) * this.#conveyor.meanSpacingNs;
    }
    return true;
  }

  /** The next part keeps the least spacing, so it comes well after either of these. */
  #touching(): PartFaults {
    const chance = this.#dice.stream('parts-touching');
    const afterNs = Math.round(between(chance, 0.2, 0.9) * this.#conveyor.triggerDeadNs);
    return { ...none, edge: 'touching', afterNs, apart: chance() < 0.5 };
  }

  #double(): PartFaults {
    const { triggerDeadNs } = this.#conveyor;
    const afterNs = Math.round(between(this.#dice.stream('trigger-double'), 1.1, 2.8) * triggerDeadNs);
    return { ...none, edge: 'double', afterNs, apart: true };
  }
}
