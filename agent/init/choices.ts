import { type Board, type BoardName, boardNames, boards, type Role } from './boards.ts';
import { type CameraConfig, type CameraKind, cameraFor, cameraKinds } from './camera-config.ts';
import { linesFor } from './lines.ts';
import type { Found } from './look.ts';
import { refusal } from './refusal.ts';

/** What a person said, by flags or in the wizard; what was not said is undefined. */
export interface Said {
  readonly board?: string | undefined;
  readonly camera?: string | undefined;
  readonly cameraDevice?: string | undefined;
  /** Which of several cameras of the board. */
  readonly cameraNumber?: number | undefined;
  readonly name?: string | undefined;
  /** As the station file's own name has it: one of several on this computer. */
  readonly instance?: string | undefined;
  readonly recipe?: string | undefined;
  readonly stateFolder?: string | undefined;
  /** A line's name, `auto` for the proposed one, `none` for no such line. */
  readonly lines: Readonly<Partial<Record<Role, string>>>;
  readonly delayMs?: number | undefined;
  readonly delayCounts?: number | undefined;
}

/** How far the gate is, roughly: enough for a first calibration. */
export type Delay = { readonly unit: 'Ms' | 'Counts'; readonly value: number };

/** All that the files are written from. */
export interface Choices {
  readonly boardName: BoardName;
  /** null for the simulator. */
  readonly board: Board | null;
  readonly name: string;
  /** Of several stations on one computer; '' for the only one. config/services.ts */
  readonly instance: string;
  readonly recipe: string;
  readonly stateFolder: string;
  readonly camera: CameraConfig;
  /** Names of lines, inputs first; none for the simulator. */
  readonly lines: Readonly<Partial<Record<Role, string>>>;
  readonly delay: Delay | null;
}

/** What was said, with what was found and what is usual in place of what was not. Throws LinegateError 'bad-argument'. */
export function choicesFrom(said: Said, found: Found): Choices {
  const boardName = boardFrom(said.board, found);
  const board = boardName === 'simulator' ? null : boards[boardName];
  const { instance = '' } = said;
  const name = nameFrom(said.name ?? (instance || undefined));
  const lines = linesFor(said.lines, board, found.chips);
  return {
    boardName,
    board,
    name,
    instance,
    recipe: said.recipe ?? 'machined-ring',
    stateFolder: said.stateFolder ?? stateFolderFor(name, instance),
    camera: cameraFor(
      { kind: cameraFrom(said, boardName, found), device: said.cameraDevice, number: said.cameraNumber },
      lines,
      found,
    ),
    lines,
    delay: delayFrom(said, board !== null, lines),
  };
}

/** Where the service of that station may write. */
function stateFolderFor(name: string, instance: string): string {
  return instance === '' ? `/var/lib/linegate/${name}` : `/var/lib/linegate/${instance}/state`;
}

/** The board that was said or found. Throws LinegateError 'bad-argument'. */
export function boardFrom(said: string | undefined, { board, model }: Found): BoardName {
  if (said === undefined) {
    if (board !== null) return board;
    const what = model === null ? 'This computer says no model' : `This computer is a ${model}`;
    throw refusal(`${what}, which is no board that linegate knows; give --board ${boardNames.join(', ')}.`);
  }
  const name = boardNames.find((each) => each === said);
  if (name !== undefined) return name;
  throw refusal(`There is no board "${said}"; give --board ${boardNames.join(', ')}.`);
}

/** The name that was said, checked; `station` when there is none. Throws LinegateError 'bad-argument'. */
export function nameFrom(said = 'station'): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(said)) return said;
  throw refusal(`A station cannot be named "${said}"; give at most 63 letters, digits, dashes and underscores.`);
}

/** The camera that was said, or what there is, or what the board usually has. Throws LinegateError 'bad-argument'. */
export function cameraFrom({ camera }: Said, board: BoardName, found: Found): CameraKind {
  const kind = cameraKinds.find((each) => each === camera);
  if (camera !== undefined && kind === undefined) {
    throw refusal(`There is no camera "${camera}"; give --camera ${cameraKinds.join(', ')}.`);
  }
  if (kind === undefined) return usualCamera(board, found);
  if (board === 'simulator' && kind !== 'simulator') {
    throw refusal(`The simulator has a camera of its own; give --camera simulator, or another --board than simulator.`);
  }
  const others = board === 'orin' ? 'rpicam' : 'gstreamer';
  if (kind !== others) return kind;
  const own = board === 'orin' ? 'gstreamer' : 'rpicam';
  throw refusal(`The camera "${kind}" is not for this board; give --camera ${own} or v4l2.`);
}

function usualCamera(board: BoardName, { v4l2, rpicam, gstreamer }: Found): CameraKind {
  if (board === 'simulator') return 'simulator';
  const isJetson = board === 'orin';
  const hasOwn = isJetson ? gstreamer : rpicam.sensors.length > 0;
  if (hasOwn || v4l2.length === 0) return isJetson ? 'gstreamer' : 'rpicam';
  return 'v4l2';
}

/** How far the gate is; null when it was not said. `hasGate`: a simulated line has none of its own. Throws LinegateError 'bad-argument'. */
export function delayFrom(
  { delayMs, delayCounts }: Pick<Said, 'delayMs' | 'delayCounts'>,
  hasGate: boolean,
  lines: Choices['lines'],
): Delay | null {
  const given = delayMs !== undefined || delayCounts !== undefined;
  if (!given) return null;
  if (!hasGate) throw refusal('The simulator needs no delay; leave --delay-ms and --delay-counts away.');
  const counted = lines.encoderA !== undefined;
  if (counted && delayCounts === undefined) {
    throw refusal('With an encoder the way to the gate is counted; give --delay-counts in place of --delay-ms.');
  }
  if (!counted && delayMs === undefined) {
    throw refusal('Counts need an encoder; give --encoder-a too, or --delay-ms in place of --delay-counts.');
  }
  if (delayMs !== undefined && delayCounts !== undefined) {
    throw refusal('Both --delay-ms and --delay-counts are given; with an encoder give --delay-counts alone.');
  }
  return counted
    ? { unit: 'Counts', value: within(delayCounts, '--delay-counts', 40, 1_000_000_000) }
    : { unit: 'Ms', value: within(delayMs, '--delay-ms', 40, 3_600_000) };
}

function within(value: number | undefined, flag: string, least: number, most: number): number {
  const counted = flag === '--delay-counts';
  if (value !== undefined && (!counted || Number.isInteger(value)) && value >= least && value <= most) return value;
  throw refusal(
    `The way to the gate cannot be ${value}; give ${flag} a ${counted ? 'whole number' : 'time'} from ${least} to ${most}.`,
  );
}
