import { askStatus } from '../../adapters/status/ask.ts';
import { messageOf } from '../../core/errors.ts';
import type { Probes, StationLook } from '../probes.ts';
import { lookAtBroker } from './broker.ts';
import { lookAtCamera } from './camera.ts';
import { lookAtLedger } from './ledger.ts';
import { measureModel } from './model.ts';
import { measureWrites } from './writes.ts';

const answerWithinMs = 3000;

async function lookAtStation(stateFolder: string): Promise<StationLook> {
  try {
    const status = await askStatus(stateFolder, answerWithinMs);
    return status === null ? { kind: 'none' } : { kind: 'running', status };
  } catch (error) {
    return { kind: 'silent', detail: messageOf(error) };
  }
}

/** The probes of this computer. */
export const systemProbes: Probes = {
  camera: lookAtCamera,
  writes: measureWrites,
  ledger: lookAtLedger,
  broker: lookAtBroker,
  model: measureModel,
  station: lookAtStation,
};
