import { box, dot, notes, pin, sheet, text, wire } from './sheet.ts';
import { coil, contact, diode, ground, lying, mosfet, opto, standing, supply } from './symbols.ts';

/** From a pin to the base of an opto-coupler at (420, 60): the pin draws no current, and without 3.3 V nothing lights. */
function stationSide(gpio: string): string[] {
  return [
    box(24, 76, 150, 230, 'station'),
    pin(174, 120, '3.3 V (pin 1)', 'left'),
    wire('cold', [178, 120], [230, 120]),
    lying(230, 120, '390 Ω'),
    wire('cold', [274, 120], [420, 120]),
    pin(174, 210, gpio, 'left'),
    wire('cold', [178, 210], [200, 210]),
    lying(200, 210, '100 Ω'),
    wire('cold', [244, 210], [316, 210]),
    dot(270, 210),
    wire('cold', [270, 210], [270, 228]),
    standing(270, 228, '10 kΩ'),
    wire('cold', [270, 272], [270, 290]),
    dot(270, 290),
    mosfet(316, 210),
    wire('cold', [350, 184], [350, 170], [420, 170]),
    wire('cold', [350, 236], [350, 290], [178, 290]),
    pin(174, 290, 'GND (pin 14)', 'left'),
    opto(420, 105),
    wire('dash', [465, 60], [465, 103]),
    wire('dash', [465, 187], [465, 350]),
    text(458, 345, '3.3 V side', 'small colds', 'end'),
    text(474, 345, '24 V side', 'small hots'),
  ];
}

/** From the opto-coupler to a coil of 24 V with its flyback diode. */
function lineSide(load: string, source: string): string[] {
  return [
    wire('hot', [510, 120], [550, 120]),
    lying(550, 120, '10 kΩ'),
    wire('hot', [594, 120], [760, 120]),
    supply(710, 100, 'hot', source),
    wire('hot', [710, 100], [710, 120]),
    ...[dot(710, 120), dot(710, 180), dot(610, 250)],
    wire('hot', [510, 170], [560, 170], [560, 250], [676, 250]),
    wire('hot', [610, 250], [610, 258]),
    standing(610, 258, '10 kΩ'),
    wire('hot', [610, 302], [610, 312], [710, 312]),
    mosfet(676, 250),
    wire('hot', [710, 224], [710, 176]),
    wire('hot', [710, 276], [710, 312]),
    ...[wire('hot', [710, 120], [710, 134]), coil(710, 134, load)],
    wire('hot', [710, 170], [710, 180], [760, 180], [760, 170]),
    wire('hot', [760, 120], [760, 134]),
    diode(760, 134),
    text(780, 150, 'flyback diode', 'small'),
    text(780, 167, '1N4007', 'small'),
    dot(710, 312),
    ground(710, 312, 'hot', '0 V of the 24 V supply'),
  ];
}

/** The driver of the gate, and of every other output that moves something. */
export function gate(): string {
  return sheet(920, 460, 'Gate driver: opto-isolated, off without power', [
    ...stationSide('GPIO27 (pin 13)'),
    ...lineSide('valve', '+24 V behind the e-stop'),
    notes(
      24,
      385,
      'The 10 kΩ at the pin hold the gate off while the computer boots, when nobody drives the pin, and without power.',
      'On a Jetson: 100 kΩ in place of 10 kΩ, for its header drives weakly; its pin still sees no load but the transistor.',
      'A plain diode lets a valve go some ms later; 1N4007 and a 24 V Zener in series are quicker. It counts as recovery.',
    ),
    text(24, 445, 'No safety function: hands stay away, air and 24 V are cut by the e-stop.', 'warn'),
  ]);
}

function permit(): string[] {
  return [
    text(24, 430, 'What hangs on K1'),
    box(24, 450, 150, 60, '+24 V of the line', 'fused'),
    wire('hot', [174, 480], [250, 480]),
    contact(250, 480, 'open', 'K1 11-14'),
    wire('hot', [306, 480], [420, 480]),
    box(420, 450, 220, 60, 'run permit of the line', 'input of its PLC or drive'),
    wire('hot', [220, 480], [220, 560], [250, 560]),
    dot(220, 480),
    contact(250, 560, 'open', 'K1 21-24'),
    wire('hot', [306, 560], [420, 560]),
    box(420, 530, 220, 60, 'or: holds a flap at "pass"', 'a spring takes it to "reject"'),
    notes(660, 470, 'READY off: the line stops.', 'A broken wire does the same.'),
    notes(660, 550, 'READY off: all parts are', 'rejected, the line runs on.'),
  ];
}

/** READY and what hangs on it. */
export function ready(): string {
  return sheet(920, 660, 'READY: a relay that lets the line run', [
    ...stationSide('GPIO22 (pin 15)'),
    ...lineSide('K1', '+24 V'),
    notes(
      24,
      385,
      'The same driver as for the gate. K1: a relay of 24 V with two contacts that are open while it is off.',
    ),
    ...permit(),
    text(24, 628, 'No safety function: one relay may weld or stick. Never a part of the e-stop circuit.', 'warn'),
  ]);
}
