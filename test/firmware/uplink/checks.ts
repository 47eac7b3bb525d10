import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Check, notRun } from '../../faults/check.ts';
import { play } from '../../faults/play.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import { hasMosquitto } from '../../support/mosquitto.ts';
import type { FirmwareScenario } from './plant.ts';
import { firmwareScenarios } from './scenarios.ts';

export interface UplinkSuite {
  /** The built program linegate-firmware-uplink. */
  readonly program: string;
  readonly short: boolean;
  readonly seed: number;
  /** Progress, for a person. */
  readonly say: (line: string) => void;
  /** One scenario alone. */
  readonly only?: string;
}

const TIMEOUT_SHORT_MS = 85_000;
const TIMEOUT_MS = 900_000;
/** They wait most of the time. */
const AT_ONCE = 3;

/** Does every fault of the ledger protocol's suite to the firmware's ledger and uplink, then audits both ends. */
export async function uplinkChecks(suite: UplinkSuite): Promise<readonly Check[]> {
  if (!hasMosquitto()) return [notRun('firmware.uplink', 'mosquitto is not installed')];
  const waiting = firmwareScenarios.filter(({ name }) => name === (suite.only ?? name));
  const checks: (readonly Check[])[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) checks.push(await played(suite, next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return checks.flat();
}

function played({ program, short, seed, say }: UplinkSuite, scenario: FirmwareScenario): Promise<readonly Check[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'linegate-firmware-'));
  const name = `firmware.uplink.${scenario.name}`;
  const timeoutMs = short ? TIMEOUT_SHORT_MS : TIMEOUT_MS;
  const run = ({ after }: Cleanup) => scenario.run({ program, short, seed, folder, say, after });
  return play({ name, folder, timeoutMs, say, run });
}
