import type { Scenario } from './check.ts';
import { fullDisk } from './scenarios/full-disk.ts';
import { kills } from './scenarios/kills.ts';
import { cuts, forgetful } from './scenarios/network.ts';
import { offline } from './scenarios/offline.ts';
import { repeated } from './scenarios/repeated.ts';
import { restored } from './scenarios/restored.ts';
import { clockSteps, soak } from './scenarios/soak.ts';

/** In the order in which they are played. */
export const scenarios: readonly Scenario[] = [
  soak,
  clockSteps,
  repeated,
  restored,
  forgetful,
  cuts,
  fullDisk,
  offline,
  kills,
];
