import { inLab, type LabScenario } from './lab.ts';

/** A thousand triggers in exact virtual time, each pulse witnessed by the kernel. A busy host only makes it take longer. */
export const pulses: LabScenario = {
  name: 'pulses',
  timeoutMs: () => 600_000,
  run: (round) => inLab(round, 'pulses', { time: 'exact', seconds: 590 }),
};
