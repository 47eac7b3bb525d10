import path from 'node:path';
import type { Check, Round } from '../../faults/check.ts';
import { type Plant, receiverOf, until } from '../../faults/plant.ts';
import { type FirmwareFiles, FirmwareStation } from './station.ts';

/** A board, and what the receiver stores of it. */
export interface FirmwarePlant extends Plant, FirmwareFiles {}

/** A round with the firmware's program. */
export interface FirmwareRound extends Round {
  readonly program: string;
}

/** A fault to the firmware, its broker or its receiver. */
export interface FirmwareScenario {
  readonly name: string;
  readonly run: (round: FirmwareRound) => Promise<readonly Check[]>;
}

/** A megabyte of flash for the ledger, or what `sectors` of 4 kB give. */
export function firmwarePlant(round: FirmwareRound, sectors = 256): FirmwarePlant {
  const { folder, program } = round;
  const inFolder = (name: string): string => path.join(folder, name);
  return {
    ...{ program, sectors, flash: inFolder('flash.bin'), witness: inFolder('witness') },
    ...{ state: folder, db: inFolder('received.sqlite'), receivers: [] },
  };
}

/** Starts a receiver that is connected when this resolves. */
export async function startReceiver(round: Round, plant: Plant, url: string): Promise<void> {
  await receiverOf(round, plant, url).says(/Connected to the broker/);
}

/** Runs the firmware until `parts` are recorded and everything is acknowledged. */
export async function runFirmware(
  round: FirmwareRound,
  plant: FirmwarePlant,
  url: string,
  more: readonly string[],
): Promise<FirmwareStation> {
  const station = new FirmwareStation(round, plant, url, more);
  await station.finished();
  return station;
}

/** Waits until a station has recorded so many rows, and all of them are acknowledged. */
export async function broughtUp(station: FirmwareStation, rows: number, timeoutMs: number): Promise<void> {
  await until(() => station.state.acked >= rows, `that ${rows} rows come up`, timeoutMs);
}
