import path from 'node:path';
import { readDocument } from '../agent/config/read.ts';
import { type StationConfig, stationSchema } from '../agent/config/station.ts';
import { LinegateError } from '../agent/core/errors.ts';
import { type Choices, delayFrom, type Said } from '../agent/init/choices.ts';
import { firstCalibration } from '../agent/init/first-calibration.ts';
import { saveNew } from '../agent/init/save.ts';
import { savedWords, startWords } from './init-words.ts';

export interface FirstCalibrationOptions {
  /** The station file that is there. */
  readonly station: string;
  readonly said: Pick<Said, 'delayMs' | 'delayCounts'>;
  readonly force: boolean;
}

/** Writes a first calibration where the station file says that it lies; the station file stays as it is. Throws a LinegateError. */
export function firstCalibrationFor({ station, said, force }: FirstCalibrationOptions): void {
  const { station: name, line } = readDocument(station, 'station', stationSchema, 'bad-config');
  if (line.kind === 'simulator')
    throw new LinegateError('bad-argument', `The line of ${station} is simulated and needs no calibration.`);
  const lines = linesOf(line);
  const text = firstCalibration({ name, lines, delay: delayFrom(said, true, lines) });
  if (text === null) {
    const flag = lines.encoderA === undefined ? '--delay-ms' : '--delay-counts';
    const message = `A first calibration is made of the way from photo-eye to gate; give it roughly with ${flag}.`;
    throw new LinegateError('bad-argument', message);
  }
  const saved = saveNew([{ file: path.resolve(path.dirname(station), line.calibration), text }], force);
  process.stdout.write(`${[...saved.map(savedWords), ...startWords(station)].join('\n')}\n`);
}

function linesOf(line: StationConfig['line']): Choices['lines'] {
  if (line.kind !== 'gatekeeper') return {};
  const named = Object.entries({ ...line.inputs, ...line.outputs });
  return Object.fromEntries(named.flatMap(([role, at]) => (at === undefined ? [] : [[role, at.line]])));
}
