import { box, dot, notes, pin, sheet, text, wire } from './sheet.ts';
import { diode, ground, lying, opto, screen, standing, supply } from './symbols.ts';

const polarity = 'part there: LED on, pin low: activeLevel low, bias pull-up';

/** What lies between the two wires of a sensor and a pin: the same for each input. (x, y): the upper wire at the resistor. */
function optoInput(y: number, gpio: string, ground3: string): string[] {
  return [
    wire('hot', [250, y], [270, y]),
    lying(270, y, '3.3 kΩ 0.5 W'),
    wire('hot', [314, y], [440, y]),
    wire('hot', [250, y + 50], [440, y + 50]),
    ...[dot(340, y), dot(340, y + 50), dot(404, y), dot(404, y + 50)],
    standing(340, y + 3, '2.2 kΩ'),
    wire('hot', [404, y], [404, y + 8]),
    diode(404, y + 8),
    wire('hot', [404, y + 44], [404, y + 50]),
    opto(440, y - 15),
    wire('dash', [485, y - 45], [485, y - 17]),
    wire('dash', [485, y + 67], [485, y + 90]),
    wire('cold', [530, y], [720, y]),
    wire('cold', [530, y + 50], [720, y + 50]),
    dot(600, y),
    wire('cold', [600, y], [600, y - 6]),
    standing(600, y - 50, '4.7 kΩ'),
    supply(600, y - 50, 'cold', '3.3 V (pin 1)'),
    box(720, y - 40, 150, 110, 'station'),
    pin(720, y, gpio, 'right'),
    pin(720, y + 50, ground3, 'right'),
  ];
}

function pnp(): string[] {
  return [
    text(24, 66, 'PNP sensor (its black wire gives +24 V)'),
    box(24, 90, 140, 140, 'photo-eye, dark-on'),
    pin(164, 130, '+24 V brown', 'left'),
    wire('hot', [168, 130], [250, 130]),
    supply(250, 130, 'hot', '+24 V'),
    pin(164, 165, 'out black', 'left'),
    wire('hot', [168, 165], [250, 165]),
    pin(164, 215, '0 V blue', 'left'),
    wire('hot', [168, 215], [250, 215]),
    dot(250, 215),
    ground(250, 215, 'hot', '0 V of the 24 V supply'),
    screen(200, 130, 215),
    ...optoInput(165, 'GPIO17 (pin 11)', 'GND (pin 9)'),
    notes(530, 262, polarity),
  ];
}

function npn(): string[] {
  return [
    text(24, 316, 'NPN sensor (its black wire pulls to 0 V)'),
    box(24, 340, 140, 150, 'photo-eye, dark-on'),
    pin(164, 395, '+24 V brown', 'left'),
    wire('hot', [168, 395], [250, 395]),
    dot(250, 395),
    wire('hot', [250, 395], [250, 365]),
    supply(250, 365, 'hot', '+24 V'),
    pin(164, 445, 'out black', 'left'),
    wire('hot', [168, 445], [250, 445]),
    pin(164, 475, '0 V blue', 'left'),
    wire('hot', [168, 475], [230, 475]),
    ground(230, 475, 'hot', '0 V of the 24 V supply'),
    screen(200, 395, 475),
    ...optoInput(395, 'GPIO17 (pin 11)', 'GND (pin 9)'),
    notes(530, 492, polarity),
  ];
}

/** Photo-eye, chute sensor and all other sensors of 24 V. */
export function inputs(): string {
  return sheet(900, 560, 'A 24 V sensor on a 3.3 V pin, through an opto-coupler', [
    ...pnp(),
    ...npn(),
    text(24, 540, 'A pin takes 3.3 V at most: 5 V or 24 V on it destroys the computer.', 'warn'),
    notes(500, 540, 'The dashed line is the barrier: the two grounds are not joined.'),
  ]);
}
