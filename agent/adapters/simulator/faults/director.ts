import { between } from '../../../core/render/prng.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { FaultDice } from './plan.ts';

/** What can be done to the station as a whole. */
export interface FaultTargets {
  /** The disk answers nothing for so long. */
  stallLedger(ms: number): void;
  /** The disk takes nothing for so long. */
  fillDisk(ms: number): void;
  /** Somebody sets the wall clock. */
  stepClock(ms: number): void;
  /** The agent dies, and is started again after so long. */
  killAgent(downMs: number): void;
}

const hourMs = 3_600_000;
/** A kill comes at any moment while the part that drew it is on the belt. */
const killWithinNs = 400e6;

/** Casts the dice for each part and does to the station what does not happen to a frame, a tensor or a part. */
export class FaultDirector {
  readonly #dice: FaultDice;
  readonly #clock: Clock;
  readonly #targets: FaultTargets;

  constructor(dice: FaultDice, clock: Clock, targets: FaultTargets) {
    this.#dice = dice;
    this.#clock = clock;
    this.#targets = targets;
  }

  /** A part has triggered. */
  part(): void {
    const dice = this.#dice;
    if (dice.hits('ledger-stall')) this.#targets.stallLedger(between(dice.stream('ledger-stall'), 50, 5000));
    if (dice.hits('disk-full')) this.#targets.fillDisk(between(dice.stream('disk-full'), 500, 20_000));
    if (dice.hits('clock-step')) this.#targets.stepClock(between(dice.stream('clock-step'), -hourMs, hourMs));
    if (dice.hits('agent-killed')) this.#kill();
  }

  #kill(): void {
    const chance = this.#dice.stream('agent-killed');
    const atNs = this.#clock.nowNs() + Math.round(between(chance, 0, killWithinNs));
    const downMs = between(chance, 20, 3000);
    this.#clock.at(atNs, () => this.#targets.killAgent(downMs));
  }
}
