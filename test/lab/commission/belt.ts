import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Lines of the lab's chip by the role that they have here. */
const offsets = { trigger: 27, confirm: 23, atGate: 26, encoderA: 22, encoderB: 19 } as const;
type Role = keyof typeof offsets;

/** When something was done: not before and not after. */
export interface When {
  readonly fromNs: number;
  readonly toNs: number;
}

const nowNs = (): number => Number(process.hrtime.bigint());

/** Drives an input and says when: on a busy machine the edge comes some ms after it was asked for. */
export function drive(role: Role, active: boolean): When {
  const file = path.join(process.env['LAB_PINS'] ?? '', `sim_gpio${offsets[role]}`, 'pull');
  const fromNs = nowNs();
  writeFileSync(file, active ? 'pull-up' : 'pull-down');
  return { fromNs, toNs: nowNs() };
}

async function untilNs(atNs: number): Promise<void> {
  const leftMs = (atNs - Number(process.hrtime.bigint())) / 1e6;
  if (leftMs > 0) await sleep(leftMs);
}

/** A part goes by: its front and its end at the photo-eye, then at the sensor by the gate, if that sees it. Returns its way, from and to, in ns. */
export async function pass(wayMs: number, beamMs: number, seenAtGate = true): Promise<When> {
  const eye = drive('trigger', true);
  await untilNs(eye.toNs + beamMs * 1e6);
  drive('trigger', false);
  await untilNs(eye.toNs + wayMs * 1e6);
  const gate = seenAtGate ? drive('atGate', true) : eye;
  await sleep(beamMs);
  drive('atGate', false);
  return { fromNs: gate.fromNs - eye.toNs, toNs: gate.toNs - eye.fromNs };
}

/** The belt with its encoder: a part has its front at the photo-eye at count 0 and at the gate at count `way`. */
export async function countedPass(way: number, length: number, turn: Turn): Promise<void> {
  for (let count = 0; count <= way + length; count++) {
    if (count === 0) drive('trigger', true);
    if (count === length) drive('trigger', false);
    if (count === way) drive('atGate', true);
    if (count === way + length) drive('atGate', false);
    turn.step();
    await sleep(1);
  }
}

const phases = [
  [false, false],
  [true, false],
  [true, true],
  [false, true],
] as const;

/** A quadrature encoder, forward or with its channels exchanged. */
export class Turn {
  readonly #reversed: boolean;
  #at = 0;

  constructor(reversed: boolean) {
    this.#reversed = reversed;
  }

  step(): void {
    const [before] = [phases[this.#at % 4]];
    this.#at += this.#reversed ? 3 : 1;
    const after = phases[this.#at % 4];
    if (after?.[0] !== before?.[0]) drive('encoderA', after?.[0] === true);
    if (after?.[1] !== before?.[1]) drive('encoderB', after?.[1] === true);
  }
}
