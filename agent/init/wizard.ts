import { LinegateError } from '../core/errors.ts';
import { type Board, boardNames, boards, type Role } from './boards.ts';
import { type CameraKind, cameraKinds } from './camera-config.ts';
import { boardFrom, cameraFrom, choicesFrom, nameFrom, type Said } from './choices.ts';
import { lineFor, usualRoles } from './lines.ts';
import type { Found } from './look.ts';
import { refusal } from './refusal.ts';

/** Somebody who is asked. */
export interface Asked {
  /** One line as it was typed; null when nobody is there any more. */
  ask(question: string): Promise<string | null>;
  tell(line: string): void;
}

const mostTries = 10;
const furtherLines: readonly (readonly [Role, string])[] = [
  ['confirm', 'a sensor in the reject chute'],
  ['encoderA', 'a belt encoder (its channel A)'],
  ['encoderB', 'channel B of the encoder'],
  ['strobe', 'a flash'],
  ['cameraTrigger', 'a camera with an external trigger'],
];

/** Asks for what the flags did not say; an empty answer takes what is proposed. Throws LinegateError 'bad-argument' when nobody answers. */
export async function askFor(said: Said, found: Found, recipes: readonly string[], asked: Asked): Promise<Said> {
  const board = await ask(asked, said.board, `Board (${boardNames.join(', ')})`, found.board ?? 'simulator', (each) =>
    boardFrom(each, found),
  );
  const usualCamera = cameraFrom({ lines: {} }, board, found);
  const camera = await ask(asked, said.camera, `Camera (${cameraKinds.join(', ')})`, usualCamera, (each) =>
    cameraFrom({ camera: each, lines: {} }, board, found),
  );
  const name = await ask(asked, said.name, 'Name of the station', said.instance || 'station', nameFrom);
  const recipe = await ask(
    asked,
    said.recipe,
    `Recipe (${recipes.join(', ')}, or a folder)`,
    recipes[0] ?? '',
    notEmpty,
  );
  const so = { ...said, ...(await askWhich(said, camera, found, asked)), board, camera, name, recipe };
  if (board === 'simulator') return so;
  const lines = await askLines(said.lines, boards[board], asked);
  return askDelay({ ...so, lines }, found, asked);
}

/** Which one, where there are several. */
async function askWhich(said: Said, camera: CameraKind, { v4l2, rpicam }: Found, asked: Asked): Promise<Partial<Said>> {
  const devices = v4l2.map(({ device }) => device);
  if (camera === 'v4l2' && devices.length > 1) {
    const question = `Device of the camera (${devices.join(', ')})`;
    return { cameraDevice: await ask(asked, said.cameraDevice, question, devices[0] ?? '', String) };
  }
  if (camera !== 'rpicam' || rpicam.sensors.length < 2) return {};
  const question = `Number of the camera (${rpicam.sensors.map((sensor, at) => `${at} ${sensor}`).join(', ')})`;
  return { cameraNumber: await ask(asked, said.cameraNumber?.toString(), question, '0', numberIn(rpicam.sensors)) };
}

function numberIn(sensors: readonly string[]): (given: string) => number {
  return (given) => {
    if (/^\d$/.test(given) && sensors[Number(given)] !== undefined) return Number(given);
    throw refusal(`There is no camera number ${given}; the last one is ${sensors.length - 1}.`);
  };
}

async function askLines(said: Said['lines'], board: Board, asked: Asked): Promise<Said['lines']> {
  asked.tell(`Lines by their name, such as ${board.proposal.gate}; an empty answer takes what is proposed.`);
  const lines: Partial<Record<Role, string>> = { ...said };
  const taken = (role: Role): string[] =>
    Object.entries(lines).flatMap(([each, line]) => (each === role ? [] : [line]));
  const check =
    (role: Role) =>
    (given: string): string =>
      lineFor(role, given, board, taken(role)) ?? 'none';
  for (const role of usualRoles) {
    const proposed = lineFor(role, 'auto', board, taken(role)) ?? 'none';
    lines[role] = await ask(asked, lines[role], `Line of ${role}`, proposed, check(role));
  }
  for (const [role, what] of furtherLines) {
    if (role === 'encoderB' && (lines.encoderA ?? 'none') === 'none') continue;
    const question = `Line of ${role}: ${what} (a line, auto for ${board.proposal[role]}, or none)`;
    lines[role] = await ask(asked, lines[role], question, 'none', check(role));
  }
  return lines;
}

async function askDelay(said: Said, found: Found, asked: Asked): Promise<Said> {
  if (said.delayMs !== undefined || said.delayCounts !== undefined) return said;
  const counted = (said.lines.encoderA ?? 'none') !== 'none';
  const field = counted ? 'delayCounts' : 'delayMs';
  const unit = counted ? 'counts of the encoder' : 'ms (distance in mm / belt speed in m/s)';
  const question = `Way from photo-eye to gate, roughly, in ${unit}; - when it is not known`;
  const answer = await ask(asked, undefined, question, '-', (given) => {
    if (given !== '-') choicesFrom({ ...said, [field]: Number(given) }, found);
    return given;
  });
  return answer === '-' ? said : { ...said, [field]: Number(answer) };
}

function notEmpty(given: string): string {
  if (given !== '') return given;
  throw refusal('A station needs a recipe; "linegate recipe list" shows those there are.');
}

/** Asks until the answer can be used. What was said by a flag is not asked for. */
async function ask<T>(
  asked: Asked,
  said: string | undefined,
  question: string,
  proposed: string,
  check: (given: string) => T,
): Promise<T> {
  if (said !== undefined) return check(said);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const answer = await asked.ask(`${question} [${proposed}]: `);
    if (answer === null)
      throw refusal('Nobody answered, so nothing was written; give the answers as flags, with --yes.');
    try {
      return check(answer.trim() === '' ? proposed : answer.trim());
    } catch (error) {
      if (!(error instanceof LinegateError)) throw error;
      asked.tell(error.message);
    }
  }
  throw refusal(
    `No answer to "${question}" could be used, so nothing was written; give the answers as flags, with --yes.`,
  );
}
