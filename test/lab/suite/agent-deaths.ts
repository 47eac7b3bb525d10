import { inLab, type LabScenario } from './lab.ts';

/**
 * The agent is killed, stopped for some seconds and blocked in its event loop. In exact virtual time: a host that does not run the
 * lab for a while would make the gate miss parts, which is another matter. Twenty deaths of each kind take three minutes
 * on a computer that does nothing else.
 */
export const agentDeaths: LabScenario = {
  name: 'agent-deaths',
  timeoutMs: (short) => (short ? 290_000 : 2_400_000),
  run: (round) => inLab(round, 'agent-deaths', { time: 'exact', memory: '2G', seconds: round.short ? 280 : 2390 }),
};
