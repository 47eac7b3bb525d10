import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../../../agent/core/errors.ts';
import { type Check, notRun } from '../../faults/check.ts';
import { hasMosquitto } from '../../support/mosquitto.ts';
import type { FirmwareRound, FirmwareScenario } from './plant.ts';
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
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) checks.push(await play(suite, next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return checks.flat();
}

async function play({ program, short, seed, say }: UplinkSuite, scenario: FirmwareScenario): Promise<readonly Check[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'linegate-firmware-'));
  const endings: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const after = (action: () => unknown): void => void endings.unshift(action);
  const round: FirmwareRound = { program, short, seed, folder, say, after };
  const startedMs = Date.now();
  const named = (check: Check): Check => ({ ...check, id: `firmware.uplink.${scenario.name}: ${check.id}` });
  try {
    return (await withTimeout(short ? TIMEOUT_SHORT_MS : TIMEOUT_MS, scenario.run(round))).map(named);
  } catch (error) {
    return [named({ id: 'finished', value: messageOf(error), limit: 'no fault', ok: false, ran: true })];
  } finally {
    for (const end of endings) await Promise.resolve(end()).catch(() => undefined);
    say(`${scenario.name}: ${Math.round((Date.now() - startedMs) / 1000)} s`);
  }
}

async function withTimeout<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`was not done after ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
