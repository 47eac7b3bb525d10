import { inLab, type LabScenario } from './lab.ts';

/** The gatekeeper is killed and started again, as its unit does. */
export const keeperDeaths: LabScenario = {
  name: 'gatekeeper-deaths',
  timeoutMs: (short) => (short ? 130_000 : 300_000),
  run: (round) => inLab(round, 'gatekeeper-deaths', { memory: '2G', seconds: round.short ? 120 : 290 }),
};
