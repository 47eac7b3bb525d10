import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { LinegateError } from '../agent/core/errors.ts';
import { SystemHost } from '../agent/doctor/probes/system-host.ts';
import { checkStation } from '../agent/init/check/station.ts';
import { systemSurroundings } from '../agent/init/check/system.ts';
import { type Choices, choicesFrom, type Said } from '../agent/init/choices.ts';
import { firstCalibration } from '../agent/init/first-calibration.ts';
import { foundWords, lookAround } from '../agent/init/look.ts';
import { refuseTaken } from '../agent/init/neighbours.ts';
import { saveNew } from '../agent/init/save.ts';
import { calibrationFile, stationText } from '../agent/init/station-text.ts';
import { type Asked, askFor } from '../agent/init/wizard.ts';
import { nativeProgram } from '../agent/native/programs-path.ts';
import { recipePlaces } from '../agent/recipes/find.ts';
import { listRecipes } from '../agent/recipes/list.ts';
import { savedWords, startWords } from './init-words.ts';

export interface InitOptions {
  readonly said: Said;
  readonly out: string;
  readonly yes: boolean;
  readonly force: boolean;
}

/** Writes a station file, and a first calibration where the way to the gate is known. Throws a LinegateError; then nothing is written. */
export async function init({ said, out, yes, force }: InitOptions): Promise<void> {
  const programs = { gpioinfo: nativeProgram('linegate-gpioinfo'), v4l2: nativeProgram('linegate-v4l2') };
  const found = await lookAround(new SystemHost(), programs);
  process.stdout.write(`${foundWords(found).join('\n')}\n`);
  const choices = choicesFrom(yes ? said : await interview(said, found), found);
  refuseTaken(choices, out);
  const text = stationText(choices, out);
  const calibration = firstCalibration(choices);
  refuseFaults(text, out);
  const place = calibrationFile(choices.stateFolder);
  const first = calibration === null ? [] : [{ file: place, text: calibration }];
  const saved = saveNew([...first, { file: out, text }], force);
  process.stdout.write(`${[...saved.map(savedWords), ...nextSteps(choices, out)].join('\n')}\n`);
}

async function interview(said: Said, found: Parameters<typeof askFor>[1]): Promise<Said> {
  if (!process.stdin.isTTY) {
    const message =
      'Nobody is at a terminal to be asked; give --yes to take what is proposed for all that no flag says.';
    throw new LinegateError('bad-argument', message);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const gone = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)));
  const asked: Asked = {
    ask: (question) => Promise.race([terminal.question(question).catch(() => null), gone]),
    tell: (line) => process.stdout.write(`${line}\n`),
  };
  const recipes = [...new Set(listRecipes(recipePlaces('state', '.')).map(({ name }) => name))];
  try {
    return await askFor(said, found, recipes.sort(usualFirst), asked);
  } finally {
    terminal.close();
  }
}

/** The recipe that a fresh station can be tried with comes first. */
function usualFirst(a: string, b: string): number {
  const rank = (name: string): number => (name === 'machined-ring' ? 0 : 1);
  return rank(a) - rank(b) || a.localeCompare(b);
}

/** A recipe that is not there and the like: what is written must pass the check. */
function refuseFaults(text: string, out: string): void {
  const faults = checkStation(path.resolve(out), text, systemSurroundings).filter(
    // The calibration that lies there may be replaced in a moment.
    ({ level, field }) => level === 'fault' && field === 'recipe',
  );
  const [first] = faults;
  if (first !== undefined) throw new LinegateError('bad-argument', first.sentence);
}

function nextSteps({ board, lines, delay }: Choices, out: string): string[] {
  if (board === null) return [`Next: linegate run --config ${out}`];
  if (delay === null) {
    const flag = lines.encoderA === undefined ? '--delay-ms' : '--delay-counts';
    return [
      'There is no calibration yet, and without one neither gatekeeper nor agent start. With roughly the way from photo-eye to gate:',
      `linegate init --calibration-only ${flag} NUMBER --out ${out}; "linegate commission" then measures it exactly.`,
    ];
  }
  return [...(board.before === null ? [] : [board.before]), ...startWords(out)];
}
