import { box, notes, sheet, text, wire } from './sheet.ts';
import { arrow } from './symbols.ts';

function part(x: number, y: number): string {
  return `<rect class="plain fill" x="${x}" y="${y}" width="34" height="26" rx="5"/>`;
}

function belt(): string[] {
  return [
    '<rect class="body" x="40" y="170" width="820" height="50" rx="25"/>',
    ...[70, 190, 330, 470, 700, 790].map((x) => part(x, 182)),
    arrow('plain', [770, 155], [850, 155]),
    text(770, 146, 'belt', 'small'),
    wire('plain', [585, 220], [560, 300], [670, 300], [645, 220]),
    text(520, 285, 'chute', 'small'),
    part(597, 266),
    box(560, 305, 110, 36, 'bin'),
  ];
}

function above(): string[] {
  return [
    box(150, 66, 110, 42, 'photo-eye', 'at the camera'),
    arrow('plain', [205, 108], [205, 168]),
    box(280, 66, 110, 42, 'camera', 'and strobe'),
    wire('dash', [300, 108], [215, 168]),
    wire('dash', [370, 108], [260, 168]),
    box(560, 66, 110, 42, 'gate', 'valve or flap'),
    arrow('plain', [615, 108], [615, 168]),
    box(690, 66, 110, 42, 'part at gate', 'recommended'),
    wire('dash', [740, 108], [640, 168]),
    wire('plain', [205, 235], [205, 250]),
    wire('plain', [615, 225], [615, 250]),
    arrow('plain', [350, 243], [207, 243]),
    arrow('plain', [470, 243], [613, 243]),
    text(410, 248, 'delay', '', 'middle'),
    box(690, 262, 130, 42, 'confirmation', 'in the chute'),
    wire('dash', [690, 283], [640, 270]),
    box(40, 262, 110, 42, 'encoder', 'on the shaft'),
    wire('dash', [95, 262], [95, 222]),
  ];
}

/** The line from above, and what belongs to which box. */
export function overview(): string {
  return sheet(900, 600, 'What is where, and what is hard-wired', [
    ...belt(),
    ...above(),
    box(40, 390, 380, 110, 'station', 'computer and gatekeeper, 3.3 V'),
    notes(
      50,
      450,
      'in: trigger, encoder, part at gate, confirmation, bin full, e-stop status',
      'out: gate, READY, strobe, camera, PLC lines',
    ),
    arrow('cold', [420, 430], [520, 430]),
    text(470, 420, 'READY', 'small', 'middle'),
    box(520, 390, 150, 70, "the line's control", 'run permit'),
    box(720, 390, 150, 70, 'e-stop circuit', 'hard-wired,', 'outside the station'),
    arrow('hot', [720, 430], [672, 430]),
    wire('dash', [795, 460], [795, 530], [230, 530], [230, 502]),
    text(512, 522, 'an auxiliary contact, to know of it: ESTOP_STATUS', 'small', 'middle'),
    text(24, 575, 'Nothing that the station does is a safety function. The e-stop works without it.', 'warn'),
  ]);
}
