import type { Chips, GpioChip, GpioLine } from '../chips.ts';
import { fail, needsStation, notRun, ok, warn } from '../finding.ts';
import type { Check } from '../look.ts';
import type { WantedLine } from '../wants.ts';

/** The name under which the gatekeeper holds lines. */
const ours = /^linegate/;
const shown = 6;

/** Where a wanted line stands. */
type Place =
  | { readonly kind: 'free' | 'ours' }
  | { readonly kind: 'held' | 'absent' | 'ambiguous'; readonly sentence: string };

/** The chips and lines that the station names: there, once, and free or held by the gatekeeper. */
export const lines: Check = {
  id: 'lines',
  group: 'lines',
  about: 'the lines of the station',
  run: async (look) => {
    const { wants } = look;
    if (wants === null) return needsStation('The lines');
    if (wants.lines.length === 0) return notRun('The station names no line of a GPIO chip by its name.');
    const chips = await look.chips();
    if (chips.kind === 'unknown') return notRun(`The lines are not known: ${chips.why}.`);
    const places = wants.lines.map((wanted) => placeOf(wanted, chips));
    const faults = places.flatMap((place) => ('sentence' in place ? [place.sentence] : []));
    const held = places.filter(({ kind }) => kind === 'ours').length;
    const figures = { wanted: places.length, heldByGatekeeper: held, faults };
    if (faults.length > 0)
      return fail(
        `Of ${places.length} lines ${faults.length} cannot be had: ${faults.join('; ')}.`,
        'Correct chip and line in the station file, or end the program that holds the line.',
        figures,
      );
    if (held > 0 && held < places.length)
      return warn(
        `The gatekeeper holds ${held} of the ${places.length} lines and the others are free.`,
        'Write the configuration of the gatekeeper again and restart it.',
        figures,
      );
    const how = held > 0 ? 'held by the gatekeeper' : 'free';
    return ok(`All ${places.length} lines of the station are there and ${how}.`, figures);
  },
};

/** The lines that stand for a wanted one. */
export function findLines(
  wanted: WantedLine,
  chips: readonly GpioChip[],
): { readonly chip: GpioChip; readonly line: GpioLine }[] {
  return chips
    .filter(({ label }) => label === wanted.chip)
    .flatMap((chip) => chip.lines.filter(({ name }) => name === wanted.line).map((line) => ({ chip, line })));
}

function placeOf(wanted: WantedLine, { chips }: Extract<Chips, { kind: 'known' }>): Place {
  const what = `${wanted.role} on ${wanted.chip} ${wanted.line}`;
  const [found, ...more] = findLines(wanted, chips);
  if (more.length > 0) return { kind: 'ambiguous', sentence: `${what} is there ${more.length + 1} times` };
  if (found === undefined) return { kind: 'absent', sentence: `${what} is not there${hint(wanted, chips)}` };
  const { used, consumer } = found.line;
  if (!used) return { kind: 'free' };
  if (ours.test(consumer)) return { kind: 'ours' };
  return { kind: 'held', sentence: `${what} is held by "${consumer === '' ? 'the kernel' : consumer}"` };
}

/** What there is in its place. */
function hint(wanted: WantedLine, chips: readonly GpioChip[]): string {
  const chip = chips.find(({ label }) => label === wanted.chip);
  if (chip === undefined) return `, the chips are ${chips.map(({ label }) => label).join(', ') || 'none'}`;
  const names = chip.lines.flatMap(({ name }) => (name === '' ? [] : [name]));
  const near = names.filter((name) => name.includes(/\d+/.exec(wanted.line)?.[0] ?? wanted.line));
  const listed = (near.length > 0 ? near : names).slice(0, shown);
  return listed.length === 0 ? ', for its lines have no names' : `, its lines are named like ${listed.join(', ')}`;
}
