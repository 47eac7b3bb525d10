import { LinegateError } from '../errors.ts';

/** A shift on the wall clock, ms since 1970: from its start to before its end. */
export interface Shift {
  /** When it begins by the station's local time, such as `06:00`. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The shift at a moment. `starts`: local times of day such as `06:00`, one at least. Local time may jump: a start that is
 * left out in spring comes when the clock has jumped, one that comes twice in autumn counts the first time.
 * Throws LinegateError 'illegal-input' without starts.
 */
export function shiftAt(wallMs: number, starts: readonly string[]): Shift {
  const day = new Date(wallMs);
  const around = [-1, 0, 1].flatMap((days) => starts.map((name) => ({ name, atMs: startOn(day, days, name) })));
  around.sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1));
  const index = around.findLastIndex(({ atMs }) => atMs <= wallMs);
  const from = around[index];
  const to = around[index + 1];
  if (from === undefined || to === undefined) {
    throw new LinegateError(
      'illegal-input',
      `No shift holds the moment ${wallMs}: give the times at which shifts begin.`,
    );
  }
  return { name: from.name, fromMs: from.atMs, toMs: to.atMs };
}

function startOn(day: Date, days: number, name: string): number {
  const hours = Number(name.slice(0, 2));
  const minutes = Number(name.slice(3));
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hours, minutes).getTime();
}
