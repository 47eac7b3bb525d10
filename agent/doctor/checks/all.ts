import type { Check } from '../look.ts';
import { cameraAccess, gpioAccess, stateFolder } from './access.ts';
import { broker } from './broker.ts';
import { camera } from './camera.ts';
import { clock, rtc, timeZone } from './clock.ts';
import { diskKindCheck, diskSpace, diskWrite } from './disk.ts';
import { gatekeeper, realtime } from './gatekeeper.ts';
import { gatekeeperConfCheck } from './gatekeeper-conf.ts';
import { governor, power, temperature, throttling } from './heat.ts';
import { gpioChips, kernel } from './kernel.ts';
import { ledger } from './ledger.ts';
import { lines } from './lines.ts';
import { memory, swap } from './memory.ts';
import { model, modelOperators, modelSpeed } from './model.ts';
import { persistence } from './persistence.ts';
import { pins } from './pins.ts';
import { telemetry, units } from './units.ts';

/** All checks, group by group. */
export const allChecks: readonly Check[] = [
  ...[kernel, memory, swap, temperature, throttling, power, governor, clock, rtc, timeZone],
  ...[gpioChips, gpioAccess, lines, pins, persistence],
  ...[gatekeeper, gatekeeperConfCheck, realtime, units],
  ...[cameraAccess, camera],
  ...[stateFolder, diskKindCheck, diskSpace, diskWrite, ledger],
  ...[model, modelOperators, modelSpeed],
  ...[broker, telemetry],
];
