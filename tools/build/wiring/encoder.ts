import { box, notes, pin, sheet, text, wire } from './sheet.ts';
import { ground, screen } from './symbols.ts';

function row(y: number, encoder: string, outputs: readonly [string, string], shift: readonly string[]): string[] {
  const wires = [y + 50, y + 90];
  return [
    box(24, y, 150, 140, encoder),
    ...wires.map((each, at) => pin(174, each, outputs[at] ?? '', 'left')),
    ...wires.map((each) => wire('hot', [178, each], [330, each])),
    screen(230, y + 50, y + 90),
    wire('dash', [230, y + 104], [230, y + 118]),
    ground(230, y + 118, 'plain', 'one end only'),
    box(330, y, 250, 140, ...shift),
    ...wires.map((each) => wire('cold', [580, each], [720, each])),
    box(720, y, 150, 140, 'station'),
    pin(720, y + 50, 'GPIO5 (pin 29)', 'right'),
    pin(720, y + 90, 'GPIO6 (pin 31)', 'right'),
  ];
}

/** An encoder of 24 V and one of 5 V. */
export function encoder(): string {
  const hot = [
    'two fast opto-couplers',
    'logic output, supply 3.3 V,',
    '1 Mbit/s or more,',
    '2.2 kΩ 0.5 W before each LED',
    '(PC817 kind: too slow)',
  ];
  const five = [
    'differential receiver',
    'AM26LV32 kind, supply 3.3 V,',
    '120 Ω across each pair;',
    'grounds of encoder and',
    'station joined here, once',
  ];
  return sheet(900, 470, 'Encoder: down to 3.3 V, and fast enough', [
    text(24, 66, '24 V, push-pull (HTL)'),
    ...row(80, 'encoder 24 V', ['A', 'B'], hot),
    text(24, 266, '5 V, RS-422 (TTL)'),
    ...row(280, 'encoder 5 V', ['A and /A, pair', 'B and /B, pair'], five),
    notes(330, 450, 'One channel alone cannot tell that the belt goes back. Twisted pairs, away from motor cables.'),
  ]);
}
