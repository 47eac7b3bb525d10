import { inLab, type LabScenario } from './lab.ts';

/**
 * A quadrature encoder at 5 kHz and as fast as the lab can drive it: no count is lost, or the doubt is declared. The simulated
 * chip interrupts at the kernel's next tick and merges what came since, so this is about the doubt; `edgesOnHost` about the rate.
 */
export const edges: LabScenario = {
  name: 'edges',
  timeoutMs: (short) => (short ? 150_000 : 240_000),
  run: (round) => inLab(round, 'edges', { seconds: round.short ? 140 : 230 }),
};

/** The kernel drops edges because the gatekeeper does not run: its sequence numbers show it, A and B do not. */
export const edgesDropped: LabScenario = {
  name: 'edges-dropped',
  timeoutMs: () => 250_000,
  run: (round) => inLab(round, 'overflow', { time: 'exact', seconds: 240 }),
};
