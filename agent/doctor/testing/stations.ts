import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { readWants, type Wants } from '../wants.ts';

interface Given {
  readonly chip?: string;
  readonly lines?: { readonly trigger: string; readonly gate: string; readonly ready: string };
  readonly more?: Readonly<Record<string, unknown>>;
}

const usual = { trigger: 'GPIO17', gate: 'GPIO27', ready: 'GPIO22' };

/** A station with a gatekeeper, whose files lie in the folder. */
export function gatekeeperStation(
  folder: string,
  { chip = 'pinctrl-bcm2711', lines = usual, more = {} }: Given = {},
): Wants {
  const at = (line: string): object => ({ chip, line });
  return write(folder, {
    line: {
      kind: 'gatekeeper',
      calibration: 'calibration.yaml',
      inputs: { trigger: at(lines.trigger) },
      outputs: { gate: at(lines.gate), ready: at(lines.ready) },
    },
    camera: { kind: 'node-libcamera' },
    ...more,
  });
}

/** A station with whatever is given. */
export function write(folder: string, given: Readonly<Record<string, unknown>>): Wants {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'station.yaml');
  const calibration = { delayMs: 400, widthMs: 20, recoveryMs: 20, leadMs: 10, triggerDeadMs: 10 };
  writeFileSync(path.join(folder, 'calibration.yaml'), stringify({ schemaVersion: 1, ...calibration }));
  const station = { schemaVersion: 1, station: 'press', recipe: 'machined-ring', stateFolder: 'state', ...given };
  writeFileSync(file, stringify(station));
  return readWants(file);
}
