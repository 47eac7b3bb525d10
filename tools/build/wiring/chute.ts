import { box, notes, sheet, text, wire } from './sheet.ts';
import { arrow } from './symbols.ts';

function pulse(y: number, name: string, on: number, off: number): string[] {
  return [text(24, y - 4, name), wire('plain', [210, y], [on, y], [on, y - 28], [off, y - 28], [off, y], [860, y])];
}

/** When the sensor in the chute counts as proof. */
export function chute(): string {
  return sheet(900, 380, 'Confirmation: did the part really leave?', [
    ...pulse(110, 'photo-eye (trigger)', 240, 280),
    ...pulse(170, 'gate', 520, 580),
    ...pulse(240, 'sensor in the chute', 690, 725),
    '<rect class="dash" x="640" y="200" width="150" height="52" rx="4"/>',
    text(715, 270, 'from ... to: confirmed', 'small', 'middle'),
    wire('dash', [240, 110], [240, 140]),
    wire('dash', [520, 142], [520, 190]),
    arrow('plain', [240, 135], [518, 135]),
    text(380, 128, 'delay', 'small', 'middle'),
    arrow('plain', [520, 188], [688, 188]),
    text(528, 206, 'way into the chute', 'small'),
    box(
      24,
      290,
      380,
      66,
      'in the chute, below the gate',
      'where no part can lie still in front of it',
      'and none can bounce back',
    ),
    notes(
      430,
      305,
      'Wired as the photo-eye is (24 V through an opto-coupler).',
      'Seen in the window: confirmed. Not seen: unconfirmed,',
      'two in a row raise the alarm ejection-unconfirmed.',
    ),
  ]);
}
