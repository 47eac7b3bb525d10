import { agentDeaths } from './agent-deaths.ts';
import { arm64 } from './arm64.ts';
import { edges, edgesDropped } from './edges.ts';
import { edgesOnHost } from './edges-host.ts';
import { faults } from './faults.ts';
import { keeperDeaths } from './keeper-deaths.ts';
import type { LabScenario } from './lab.ts';
import { hostLateness, labLateness } from './lateness.ts';
import { proofs } from './proofs.ts';
import { pulses } from './pulses.ts';
import { socket } from './socket.ts';

/** In the order of the list that the gatekeeper was built to. */
export const scenarios: readonly LabScenario[] = [
  pulses,
  labLateness,
  hostLateness,
  agentDeaths,
  keeperDeaths,
  faults,
  socket,
  edges,
  edgesDropped,
  edgesOnHost,
  proofs,
  arm64,
];
