import { inLab, type LabScenario } from './lab.ts';

/** A quadrature encoder at 5 kHz and as fast as the lab can drive it: no count is lost, or the doubt is declared. */
export const edges: LabScenario = {
  name: 'edges',
  timeoutMs: (short) => (short ? 150_000 : 240_000),
  run: (round) => inLab(round, 'edges', { seconds: round.short ? 140 : 230 }),
};
