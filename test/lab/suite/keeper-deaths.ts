import { inLab, type LabScenario } from './lab.ts';

/** The gatekeeper is killed and started again, as its unit does; in virtual time as for the agent. */
export const keeperDeaths: LabScenario = {
  name: 'gatekeeper-deaths',
  timeoutMs: (short) => (short ? 600_000 : 1_600_000),
  run: (round) =>
    inLab(round, 'gatekeeper-deaths', { time: 'virtual', memory: '2G', seconds: round.short ? 590 : 1590 }),
};
