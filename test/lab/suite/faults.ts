import { inLab, type LabScenario } from './lab.ts';

/** A whole station loses its chip, its camera, its classifier and the room on its disk, and gets each back. */
export const faults: LabScenario = {
  name: 'faults',
  timeoutMs: () => 800_000,
  run: (round) => inLab(round, 'faults', { time: 'virtual', memory: '2G', seconds: 790 }),
};
