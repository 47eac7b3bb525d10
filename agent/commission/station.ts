import path from 'node:path';
import { checkFigures, readCalibration } from '../config/calibration.ts';
import type { GatekeeperLineConfig } from '../config/gatekeeper.ts';
import { confDigest, gatekeeperConf } from '../config/gatekeeper-conf.ts';
import { readDocument } from '../config/read.ts';
import { stationSchema } from '../config/station.ts';
import { LinegateError, messageOf } from '../core/errors.ts';
import type { Wired } from './board.ts';
import type { Proposal } from './proposal.ts';
import type { Context } from './steps.ts';

/** A station to commission. */
export interface ToCommission {
  readonly station: string;
  readonly calibrationFile: string;
  readonly context: Context;
  readonly socket: string;
  /** Of the gatekeeper.conf that the gatekeeper must run with. */
  readonly digest: bigint;
  readonly check: (proposal: Proposal) => string | undefined;
}

/** Reads station.yaml and the calibration that it has so far. Throws a LinegateError 'bad-config'. */
export function contextOf(file: string, saidStopped: boolean): ToCommission {
  const { station, line } = readDocument(file, 'station configuration', stationSchema, 'bad-config');
  if (line.kind !== 'gatekeeper') {
    const message = `${file} has line.kind "${line.kind}", which has no gatekeeper to commission; give line.kind "gatekeeper".`;
    throw new LinegateError('bad-config', message);
  }
  const calibrationFile = path.resolve(path.dirname(file), line.calibration);
  const old = readCalibration(calibrationFile);
  const { socket, outputs, lateUs } = line;
  const gates = outputs.reviewGate === undefined ? 1 : 2;
  return {
    station,
    calibrationFile,
    socket,
    digest: confDigest(gatekeeperConf({ station, line, calibration: old })),
    context: { base: old.base, wired: wiredOf(line), gates, old, lateUs, saidStopped },
    check: ({ calibration }) => faultOf(() => checkFigures(calibration)),
  };
}

/** The inputs whose edges are told; the encoder's are counted. */
function wiredOf({ inputs }: GatekeeperLineConfig): Wired[] {
  const { trigger, confirm, partAtGate, binFull, estopStatus } = inputs;
  const all = {
    trigger,
    confirm,
    'part-at-gate': partAtGate,
    'bin-full': binFull,
    'estop-status': estopStatus,
  } as const;
  const names = ['trigger', 'confirm', 'part-at-gate', 'bin-full', 'estop-status'] as const;
  return names.flatMap((input) => {
    const wired = all[input];
    return wired === undefined ? [] : [{ input, debounceNs: wired.debounceUs * 1000 }];
  });
}

function faultOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof LinegateError) return messageOf(error);
    throw error;
  }
}
