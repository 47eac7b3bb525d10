import { bareSuites } from './bare.ts';
import { edgeSuite } from './edge.ts';
import { espCliSuite } from './esp-cli.ts';
import { hostSuite } from './host.ts';
import { mainSuite } from './main.ts';
import { modelSuite } from './model.ts';
import { flashSuite, mqttSuite } from './store.ts';
import type { FirmwareSuite } from './suite.ts';
import { uplinkSuite } from './uplink.ts';

/** All that `npm run firmware` does, in this order. */
export const suites: readonly FirmwareSuite[] = [
  hostSuite,
  ...bareSuites,
  modelSuite,
  mainSuite,
  flashSuite,
  mqttSuite,
  uplinkSuite,
  edgeSuite,
  espCliSuite,
];
