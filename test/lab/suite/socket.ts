import { inLab, type LabScenario } from './lab.ts';

/** Garbage, damaged and replayed records on the gatekeeper's socket while parts go by. */
export const socket: LabScenario = {
  name: 'socket',
  timeoutMs: () => 250_000,
  run: (round) => inLab(round, 'socket', { time: 'virtual', seconds: 240 }),
};
