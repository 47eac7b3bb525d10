import { box, dot, notes, pin, sheet, text, wire } from './sheet.ts';
import { arrow, ground, lying, standing } from './symbols.ts';

/** Flash and camera. */
export function camera(): string {
  return sheet(900, 500, 'Strobe and camera trigger', [
    box(24, 60, 150, 270, 'station'),
    pin(174, 120, 'GPIO24 (pin 18)', 'left'),
    arrow('cold', [178, 120], [300, 120]),
    box(300, 80, 170, 80, 'output driver', 'as for the gate,', 'without the diode'),
    arrow('hot', [470, 120], [620, 120]),
    text(545, 112, '24 V or 5 V', 'small', 'middle'),
    box(
      620,
      80,
      250,
      80,
      'strobe controller',
      'its trigger input; the light hangs on',
      'the controller, never on a pin',
    ),
    pin(174, 240, 'GPIO25 (pin 22)', 'left'),
    wire('cold', [178, 240], [220, 240]),
    dot(220, 240),
    arrow('cold', [220, 240], [620, 240]),
    box(
      620,
      195,
      250,
      80,
      'camera with opto-isolated',
      'trigger input, through the driver',
      'where it needs 5 V or 24 V',
    ),
    wire('cold', [220, 240], [220, 310], [300, 310]),
    lying(300, 310, '1.5 kΩ'),
    wire('cold', [344, 310], [620, 310]),
    dot(420, 310),
    wire('cold', [420, 310], [420, 320]),
    standing(420, 320, '1.8 kΩ'),
    ground(420, 364, 'cold', 'GND'),
    box(
      620,
      290,
      250,
      80,
      'sensor with a 1.8 V input',
      'such as XTR of the Pi Global Shutter;',
      'one of the two cameras, not both',
    ),
    notes(24, 425, 'Cables of camera and strobe: short, screened, screen to the cabinet at one end.'),
    text(24, 470, 'Bright flashes can harm eyes and set off fits: shield the light.', 'warn'),
  ]);
}

function toPlc(): string[] {
  const lines = ['READY', 'PLC_BUSY GPIO26', 'PLC_OK GPIO16', 'PLC_NG GPIO12'];
  return lines.flatMap((name, at) => {
    const y = 110 + at * 34;
    return [
      pin(194, y, name, 'left'),
      wire('cold', [198, y], [330, y]),
      wire('hot', [530, y], [680, y]),
      pin(680, y, `input ${at + 1}`, 'right'),
    ];
  });
}

/** Lines to and from a PLC. */
export function plc(): string {
  return sheet(900, 440, 'PLC lines: 24 V through opto-couplers', [
    box(24, 60, 170, 290, 'station'),
    box(330, 66, 200, 180, 'opto-coupler module', '3.3 V in, 24 V out (PNP)'),
    box(680, 60, 190, 290, 'PLC'),
    ...toPlc(),
    box(330, 266, 200, 74, 'opto-coupler input', 'as for the photo-eye'),
    wire('hot', [680, 320], [530, 320]),
    pin(680, 320, 'output, 24 V', 'right'),
    wire('cold', [330, 320], [198, 320]),
    pin(194, 320, 'binFull GPIO20', 'left'),
    notes(
      24,
      385,
      'One 24 V supply for module and PLC inputs: join its 0 V with the M of the PLC; not with the GND of the station.',
    ),
    text(24, 420, 'No safety function: what protects people goes to the PLC’s own safety inputs.', 'warn'),
  ]);
}

/** A limit to how long a gate may stay on. */
export function oneShot(): string {
  const high = (y: number, name: string, from: number, to: number): string[] => [
    text(24, y - 4, name),
    wire('plain', [250, y], [from, y], [from, y - 28], [to, y - 28], [to, y], [860, y]),
  ];
  return sheet(900, 400, 'One-shot: a pin that stays on moves the gate for a while only', [
    box(24, 60, 170, 60, 'GPIO27', '10 kΩ to GND'),
    arrow('cold', [194, 90], [300, 90]),
    box(300, 60, 200, 60, 'one-shot, 74LVC1G123 kind', 'starts at the edge, lasts T'),
    arrow('cold', [500, 90], [580, 90]),
    wire('cold', [240, 90], [240, 145], [540, 145], [540, 105], [580, 105]),
    dot(240, 90),
    box(580, 60, 110, 60, 'AND', '74LVC1G08 kind'),
    arrow('cold', [690, 90], [760, 90]),
    box(760, 60, 110, 60, 'gate driver'),
    ...high(220, 'pin, a normal pulse', 290, 350),
    ...high(265, 'gate', 290, 350),
    text(24, 316, 'pin, process is dead'),
    wire('plain', [250, 320], [520, 320], [520, 292], [860, 292]),
    ...high(365, 'gate', 520, 700),
    text(610, 388, 'T', '', 'middle'),
    notes(24, 390, 'T: longer than the longest row of rejects whose pulses merge.'),
  ]);
}
