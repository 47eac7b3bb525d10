import { box, dot, notes, pin, sheet, text, wire } from './sheet.ts';
import { arrow, contact, ground, lying, opto, standing, supply } from './symbols.ts';

function circuit(): string[] {
  return [
    '<rect class="dash" x="24" y="56" width="850" height="200" rx="8"/>',
    text(40, 80, 'e-stop circuit: by the standards of the machine, by somebody qualified'),
    ...[140, 200].flatMap((y, channel) => [
      text(40, y + 5, '+24 V', 'hots'),
      wire('hot', [92, y], [120, y]),
      contact(120, y, 'closed', `e-stop, channel ${channel + 1}`),
      wire('hot', [176, y], [300, y]),
    ]),
    box(300, 110, 150, 120, 'safety relay', 'two channels, reset', 'by hand'),
    ...[140, 200].map((y) => wire('hot', [450, y], [520, y])),
    box(520, 110, 130, 120, 'contactors', 'or valve that vents'),
    arrow('hot', [650, 140], [720, 140]),
    box(720, 110, 140, 50, 'drive of the belt'),
    arrow('hot', [650, 200], [720, 200]),
    box(720, 180, 140, 50, '24 V and air', 'of the gate'),
  ];
}

function status(): string[] {
  return [
    text(24, 300, 'What the station may know of it'),
    text(40, 365, '+24 V', 'hots'),
    wire('hot', [92, 360], [120, 360]),
    contact(120, 360, 'closed', 'auxiliary contact'),
    wire('hot', [176, 360], [240, 360]),
    lying(240, 360, '3.3 kΩ 0.5 W'),
    wire('hot', [284, 360], [380, 360]),
    opto(380, 345),
    wire('hot', [380, 410], [300, 410]),
    ground(300, 410, 'hot', '0 V'),
    wire('cold', [470, 360], [720, 360]),
    wire('cold', [470, 410], [720, 410]),
    ...[dot(560, 360), standing(560, 310, '4.7 kΩ'), wire('cold', [560, 354], [560, 360])],
    supply(560, 310, 'cold', '3.3 V'),
    box(720, 325, 150, 110, 'station'),
    pin(720, 360, 'GPIO21 (pin 40)', 'right'),
    pin(720, 410, 'GND (pin 39)', 'right'),
    notes(
      24,
      470,
      'Closed while nobody has pressed: pressed, or a broken wire, makes the pin high: activeLevel high, bias pull-up.',
    ),
  ];
}

/** The e-stop: outside the station, which may know of it. */
export function estop(): string {
  return sheet(900, 530, 'E-stop: hard-wired outside the station', [
    ...circuit(),
    ...status(),
    text(
      24,
      508,
      'The station never stops, resets or bridges the e-stop. ESTOP_STATUS is shown and logged, no more.',
      'warn',
    ),
  ]);
}
