import { type Kind, type Point, text, wire } from './sheet.ts';

/** A resistor that lies from (x, y) to (x + 44, y), with its value above. */
export function lying(x: number, y: number, value: string): string {
  return `<rect class="plain fill" x="${x}" y="${y - 8}" width="44" height="16"/>${text(x + 22, y - 14, value, 'small', 'middle')}`;
}

/** A resistor that stands from (x, y) to (x, y + 44), with its value at the right. */
export function standing(x: number, y: number, value: string): string {
  return `<rect class="plain fill" x="${x - 8}" y="${y}" width="16" height="44"/>${text(x + 14, y + 26, value, 'small')}`;
}

/** Ground of one of the two sides, hanging from (x, y). */
export function ground(x: number, y: number, kind: Kind, name: string): string {
  const bars = [14, 9, 4].map((half, at) => wire(kind, [x - half, y + 12 + at * 5], [x + half, y + 12 + at * 5]));
  return [wire(kind, [x, y], [x, y + 12]), ...bars, text(x + 20, y + 24, name, 'small')].join('');
}

/** A supply above (x, y). */
export function supply(x: number, y: number, kind: 'hot' | 'cold', name: string): string {
  return (
    wire(kind, [x, y], [x, y - 14]) +
    wire(kind, [x - 12, y - 14], [x + 12, y - 14]) +
    text(x + 18, y - 8, name, `${kind}s`)
  );
}

/** An opto-coupler, 90 by 80: anode (x, y + 15), cathode (x, y + 65), collector (x + 90, y + 15), emitter (x + 90, y + 65). */
export function opto(x: number, y: number): string {
  const at = (dx: number, dy: number): Point => [x + dx, y + dy];
  return [
    `<rect class="body" x="${x}" y="${y}" width="90" height="80" rx="4"/>`,
    wire('plain', at(0, 15), at(22, 15), at(22, 30), at(12, 30), at(32, 30), at(22, 48), at(12, 30)),
    wire('plain', at(12, 48), at(32, 48)),
    wire('plain', at(22, 48), at(22, 65), at(0, 65)),
    wire('plain', at(38, 34), at(50, 34), at(46, 31), at(50, 34), at(46, 37)),
    wire('plain', at(38, 44), at(50, 44), at(46, 41), at(50, 44), at(46, 47)),
    wire('plain', at(60, 25), at(60, 55)),
    wire('plain', at(60, 33), at(76, 15), at(90, 15)),
    wire('plain', at(60, 47), at(76, 65), at(90, 65)),
    wire('plain', at(76, 65), at(73, 57), at(76, 65), at(68, 63)),
  ].join('');
}

/** A MOSFET: gate (x, y), drain (x + 34, y - 26), source (x + 34, y + 26). */
export function mosfet(x: number, y: number): string {
  return [
    wire('plain', [x, y], [x + 18, y]),
    wire('plain', [x + 18, y - 14], [x + 18, y + 14]),
    wire('plain', [x + 23, y - 16], [x + 23, y + 16]),
    wire('plain', [x + 23, y - 12], [x + 34, y - 12], [x + 34, y - 26]),
    wire('plain', [x + 23, y + 12], [x + 34, y + 12], [x + 34, y + 26]),
    wire('plain', [x + 23, y], [x + 34, y], [x + 34, y + 12]),
  ].join('');
}

/** A diode that stands from (x, y), its cathode, down to (x, y + 36), its anode. */
export function diode(x: number, y: number): string {
  return [
    wire('plain', [x, y], [x, y + 10]),
    wire('plain', [x - 9, y + 10], [x + 9, y + 10]),
    wire('plain', [x, y + 10], [x - 9, y + 26], [x + 9, y + 26], [x, y + 10]),
    wire('plain', [x, y + 26], [x, y + 36]),
  ].join('');
}

/** A coil from (x, y) down to (x, y + 36), its name at the left. */
export function coil(x: number, y: number, name: string): string {
  const rect = `<rect class="plain fill" x="${x - 22}" y="${y + 4}" width="44" height="28"/>`;
  const ends = wire('plain', [x, y], [x, y + 4]) + wire('plain', [x, y + 32], [x, y + 36]);
  return rect + ends + wire('plain', [x - 22, y + 32], [x + 22, y + 4]) + text(x - 30, y + 23, name, '', 'end');
}

/** A contact from (x, y) to (x + 56, y), its name above: open or closed while nothing acts on it. */
export function contact(x: number, y: number, rest: 'open' | 'closed', name: string): string {
  const arm: Point = rest === 'open' ? [x + 44, y - 16] : [x + 46, y - 8];
  const stop = rest === 'open' ? '' : wire('plain', [x + 40, y - 12], [x + 40, y]);
  return [
    wire('plain', [x, y], [x + 14, y], arm),
    stop,
    wire('plain', [x + 40, y], [x + 56, y]),
    text(x + 28, y - 20, name, 'small', 'middle'),
  ].join('');
}

/** The screen of a cable around wires that lie between two heights, and what it is joined to. */
export function screen(x: number, top: number, bottom: number): string {
  const middle = (top + bottom) / 2;
  return `<ellipse class="dash" cx="${x}" cy="${middle}" rx="12" ry="${(bottom - top) / 2 + 14}"/>`;
}

/** An arrow from one place to another. */
export function arrow(kind: Kind, from: Point, to: Point): string {
  const [x, y] = to;
  const turn = Math.atan2(y - from[1], x - from[0]);
  const wing = (by: number): Point => [
    Math.round(x - 10 * Math.cos(turn + by)),
    Math.round(y - 10 * Math.sin(turn + by)),
  ];
  return wire(kind, from, to) + wire(kind === 'dash' ? 'plain' : kind, wing(0.4), to, wing(-0.4));
}
