import type { Chips, GpioChip } from '../doctor/chips.ts';
import { type Board, inputRoles, lineNamed, outputRoles, type Role } from './boards.ts';
import { isPulledUp, lastPulledUpPin } from './check/pins.ts';
import { refusal } from './refusal.ts';

/** Roles that every station has unless it is said otherwise. */
export const usualRoles = ['trigger', 'gate', 'ready'] as const;

type Lines = Readonly<Partial<Record<Role, string>>>;

/** The lines of the roles that are wanted, checked against the board and what is there. Throws LinegateError 'bad-argument'. */
export function linesFor(said: Lines, board: Board | null, chips: Chips): Lines {
  if (board === null) {
    const [role] = Object.entries(said).flatMap(([each, line]) =>
      line === undefined || line === 'none' ? [] : [each],
    );
    if (role === undefined) return {};
    throw refusal(`The simulator has no lines; leave ${flagOf(role)} away, or give another --board than simulator.`);
  }
  const lines: Partial<Record<Role, string>> = {};
  // Lines that were named come first: a proposal gives way to them, not they to it.
  const roles = [...inputRoles, ...outputRoles];
  for (const role of [
    ...roles.filter((each) => isNamed(said[each])),
    ...roles.filter((each) => !isNamed(said[each])),
  ]) {
    const line = lineFor(role, said[role], board, Object.values(lines));
    if (line !== null) lines[role] = line;
  }
  checkTogether(lines);
  const chip = chips.kind === 'known' ? chips.chips.find(({ label }) => label === board.chip) : undefined;
  if (chip !== undefined) checkThere(lines, chip);
  return Object.fromEntries(roles.flatMap((role) => (lines[role] === undefined ? [] : [[role, lines[role]]])));
}

/** One line as a person says it. null: there is none. Throws LinegateError 'bad-argument'. */
export function lineFor(role: Role, said: string | undefined, board: Board, taken: readonly string[]): string | null {
  const usual = (usualRoles as readonly string[]).includes(role);
  if (said === 'none' || (said === undefined && !usual)) {
    if (role === 'trigger' || role === 'gate')
      throw refusal(`A station needs its ${role}; name a line with --${role}.`);
    return null;
  }
  if (said === undefined || said === 'auto') return proposed(role, board, taken);
  const line = lineNamed(board, said);
  if (line === null) {
    const [first = ''] = Object.keys(board.header).slice(-1);
    throw refusal(
      `The header of a ${board.title} has no line "${said}"; ${flagOf(role)} takes a name such as ${first}.`,
    );
  }
  if (taken.includes(line))
    throw refusal(`The line ${line} of ${flagOf(role)} is given to something else too; name another line.`);
  if (isOutput(role) && isPulledUp(board.chip, line)) {
    const message = `The line ${line} of ${flagOf(role)} is one that a Raspberry Pi pulls up while it boots, so the output would be on; name another line than GPIO0 to GPIO${lastPulledUpPin}.`;
    throw refusal(message);
  }
  return line;
}

/** The line of the proposal, or where somebody has it the first free one of it. */
function proposed(role: Role, { proposal, title }: Board, taken: readonly string[]): string {
  const roles = isOutput(role) ? outputRoles : inputRoles;
  const free = [proposal[role], ...roles.map((each) => proposal[each])].find((line) => !taken.includes(line));
  if (free !== undefined) return free;
  throw refusal(`No proposed line of the ${title} is left for ${role}; name one with ${flagOf(role)}.`);
}

function checkTogether(lines: Lines): void {
  if (lines.encoderB !== undefined && lines.encoderA === undefined) {
    throw refusal('An encoder with one channel is --encoder-a; give it too, or in place of --encoder-b.');
  }
}

/** On the computer itself: the lines are there and nobody else has them. */
function checkThere(lines: Lines, chip: GpioChip): void {
  for (const [role, name] of Object.entries(lines)) {
    const line = chip.lines.find((each) => each.name === name);
    if (line === undefined) {
      const message = `The chip ${chip.label} has no line ${name} for ${role}; look at what linegate-gpioinfo shows and give ${flagOf(role)}.`;
      throw refusal(message);
    }
    if (line.used && !line.consumer.startsWith('linegate')) {
      const by = line.consumer === '' ? 'the kernel' : `"${line.consumer}"`;
      throw refusal(`${name}, which is for ${role}, is held by ${by}; end that or give ${flagOf(role)} another line.`);
    }
  }
}

function isNamed(said: string | undefined): boolean {
  return said !== undefined && said !== 'auto' && said !== 'none';
}

function isOutput(role: Role): boolean {
  return (outputRoles as readonly string[]).includes(role);
}

/** `encoderA` is `--encoder-a`. */
function flagOf(role: string): string {
  return `--${role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
