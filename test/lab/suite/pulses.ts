import { inLab, type LabScenario, upToThrice } from './lab.ts';

/** A pulse whose time is over before the lab goes on is left out, and told so. */
const excused = ['pulses', 'parts to eject without a pulse'];

/** A thousand triggers in virtual time, each pulse witnessed by the kernel. */
export const pulses: LabScenario = {
  name: 'pulses',
  timeoutMs: () => 340_000,
  run: (round) => upToThrice(excused, () => inLab(round, 'pulses', { virtualTime: true, seconds: 110 })),
};
