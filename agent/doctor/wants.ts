import path from 'node:path';
import { readCalibration } from '../config/calibration.ts';
import { readDocument } from '../config/read.ts';
import { type StationConfig, stationSchema } from '../config/station.ts';
import { messageOf } from '../core/errors.ts';

/** A GPIO line that the station file names. */
export interface WantedLine {
  /** What it is for, such as `gate`. */
  readonly role: string;
  readonly direction: 'input' | 'output';
  /** The chip's label. */
  readonly chip: string;
  /** The line's name. */
  readonly line: string;
}

/** What a station needs of its computer. Paths are absolute. */
export interface Wants {
  readonly file: string;
  readonly config: StationConfig;
  readonly stateFolder: string;
  readonly base: string;
  readonly lines: readonly WantedLine[];
  /** Lines by their number, for onoff. */
  readonly numbers: readonly number[];
  readonly gatekeeper: { readonly socket: string } | null;
  /** From the trigger to the last moment for a verdict, ms; null without a usable calibration. */
  readonly deadlineMs: number | null;
  readonly calibrationFile: string | null;
  /** Why the calibration cannot be used, as a sentence; null where it can or none is needed. */
  readonly calibrationFault: string | null;
}

/** Reads a station file. Throws LinegateError 'bad-config'. */
export function readWants(file: string): Wants {
  const config = readDocument(file, 'station', stationSchema, 'bad-config');
  const base = path.dirname(path.resolve(file));
  const { line } = config;
  return {
    file,
    config: { ...config, uplink: absoluteFiles(config.uplink, base) },
    stateFolder: path.resolve(base, config.stateFolder),
    base,
    lines: line.kind === 'gatekeeper' ? [...named('input', line.inputs), ...named('output', line.outputs)] : [],
    numbers: line.kind === 'software' ? onoffNumbers(line) : [],
    gatekeeper: line.kind === 'gatekeeper' ? { socket: line.socket } : null,
    ...deadline(line, base),
  };
}

function named(
  direction: 'input' | 'output',
  lines: Readonly<Record<string, { chip: string; line: string } | undefined>>,
): WantedLine[] {
  return Object.entries(lines).flatMap(([role, at]) =>
    at === undefined ? [] : [{ role, direction, chip: at.chip, line: at.line }],
  );
}

function onoffNumbers({ trigger, gate }: Extract<StationConfig['line'], { kind: 'software' }>): number[] {
  return [trigger, gate].flatMap((each) => (each.kind === 'onoff' ? [each.gpio] : []));
}

function deadline(
  line: StationConfig['line'],
  base: string,
): Pick<Wants, 'deadlineMs' | 'calibrationFile' | 'calibrationFault'> {
  if (line.kind === 'simulator') return { deadlineMs: null, calibrationFile: null, calibrationFault: null };
  const calibrationFile = path.resolve(base, line.calibration);
  try {
    const calibration = readCalibration(calibrationFile);
    const deadlineMs = calibration.base === 'time' ? (calibration.delay - calibration.lead) / 1e6 : null;
    return { deadlineMs, calibrationFile, calibrationFault: null };
  } catch (error) {
    return { deadlineMs: null, calibrationFile, calibrationFault: messageOf(error) };
  }
}

function absoluteFiles(uplink: StationConfig['uplink'], base: string): StationConfig['uplink'] {
  if (uplink.kind === 'none') return uplink;
  const at = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : path.resolve(base, file);
  const { passwordFile, caFile, certFile, keyFile } = uplink;
  return {
    ...uplink,
    passwordFile: at(passwordFile),
    caFile: at(caFile),
    certFile: at(certFile),
    keyFile: at(keyFile),
  };
}
