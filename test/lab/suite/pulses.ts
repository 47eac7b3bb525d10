import { inLab, type LabScenario } from './lab.ts';

/** A thousand triggers in virtual time, each pulse witnessed by the kernel. */
export const pulses: LabScenario = {
  name: 'pulses',
  timeoutMs: () => 340_000,
  run: (round) => inLab(round, 'pulses', { time: 'exact', seconds: 110 }),
};
