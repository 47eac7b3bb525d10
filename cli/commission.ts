import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import { SystemClock } from '../agent/adapters/clock/system.ts';
import { calibrationText } from '../agent/commission/calibration-text.ts';
import { Commission, type Commissioned } from '../agent/commission/commission.ts';
import { Link } from '../agent/commission/link.ts';
import { measureLateness } from '../agent/commission/measure-lateness.ts';
import { ProcessTerminal } from '../agent/commission/process-terminal.ts';
import { saveCalibration } from '../agent/commission/save.ts';
import { contextOf } from '../agent/commission/station.ts';
import { type StepId, stepIds } from '../agent/commission/steps.ts';
import { restartWords } from '../agent/config/services.ts';
import { LinegateError } from '../agent/core/errors.ts';
import { version } from './version.ts';

export interface CommissionArguments {
  readonly station: string;
  readonly only: string | undefined;
  readonly json: boolean;
  readonly saidStopped: boolean;
  readonly seconds: number;
}

const longestSeconds = 600;

/** Walks a technician through it at this terminal; writes the calibration when asked to. Throws a LinegateError. */
export async function commission(options: CommissionArguments): Promise<void> {
  const { station: file, json, saidStopped, seconds } = options;
  const only = stepFrom(options);
  const out = json ? process.stderr : process.stdout;
  const terminal = new ProcessTerminal(process.stdin, out);
  const { station, calibrationFile, context, socket, digest, check } = contextOf(file, saidStopped);
  const clock = new SystemClock();
  const commissioned = await new Commission({
    context,
    clock,
    terminal,
    only,
    linkTo: (onRecord, onLost) => new Link({ clock, socket, digest, onRecord, onLost }),
    measureLateness: (signal) => measureLateness({ seconds, folder: path.dirname(calibrationFile), signal }),
    check,
  }).run();
  const wallMs = clock.wallMs();
  let kept: string | null = null;
  if (commissioned.write) {
    const signature = { station, software: version(), who: `${userInfo().username} at ${hostname()}`, wallMs };
    const text = calibrationText(commissioned.proposal, commissioned.results, signature);
    kept = saveCalibration(calibrationFile, text, wallMs);
  }
  out.write(`${lastWords(commissioned, file, calibrationFile, kept).join('\n')}\n`);
  if (json) {
    const { write, results, proposal } = commissioned;
    const head = { v: 1, software: version(), station, wallMs, base: context.base };
    const written = write ? calibrationFile : null;
    process.stdout.write(`${JSON.stringify({ ...head, written, kept, results, proposal }, null, 2)}\n`);
  }
  if (!commissioned.write) process.exitCode = 1;
}

function stepFrom({ only, seconds }: CommissionArguments): StepId | undefined {
  if (!(seconds >= 1 && seconds <= longestSeconds)) {
    const message = `Lateness cannot be measured for ${seconds} s; give --lateness-seconds from 1 to ${longestSeconds}.`;
    throw new LinegateError('bad-argument', message);
  }
  const step = stepIds.find((id) => id === only);
  if (only === undefined || step !== undefined) return step;
  throw new LinegateError('bad-argument', `There is no step "${only}"; the steps are ${stepIds.join(', ')}.`);
}

function lastWords({ write }: Commissioned, station: string, file: string, kept: string | null): string[] {
  if (!write) return ['Nothing was written; the calibration is as it was.'];
  return [
    `${file} is written${kept === null ? '' : `; the old one is ${kept}`}.`,
    `Gatekeeper and agent take it, with the belt empty, by: ${restartWords(station)}`,
  ];
}
