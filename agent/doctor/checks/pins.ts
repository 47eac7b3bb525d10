import { bcmNumber, type GpioChip, isPiHeader } from '../chips.ts';
import { fail, needsStation, notRun, ok, warn } from '../finding.ts';
import type { Host } from '../host.ts';
import type { Check, Look } from '../look.ts';
import { bootText, isOn, parametersOf } from './boot-config.ts';
import { findLines } from './lines.ts';

/** A Raspberry Pi pulls the pins from 0 to this one up until something configures them. */
const lastPulledUp = 8;

interface Pin {
  readonly role: string;
  readonly direction: 'input' | 'output';
  readonly number: number;
}

/** Pins that do something of their own: pulled up at boot, or given to I2C, SPI, UART, I2S or 1-Wire. */
export const pins: Check = {
  id: 'pins',
  group: 'lines',
  about: 'the pins that outputs may not use',
  run: async (look) => {
    const { wants } = look;
    if (wants === null) return needsStation('The pins');
    const used = await pinsOf(look);
    if (used === null) return notRun('Which pins the lines are on is known for the header of a Raspberry Pi only.');
    if (used.length === 0) return notRun('The station uses no pin of the header of a Raspberry Pi.');
    const pulled = used.filter(({ direction, number }) => direction === 'output' && number <= lastPulledUp);
    const busy = await busyPins(look.host);
    const taken = used.flatMap((pin) => {
      const by = busy.get(pin.number);
      return by === undefined ? [] : [`${say(pin)} belongs to ${by}`];
    });
    const figures = { pins: used.map(say), pulledUp: pulled.map(say), taken };
    if (pulled.length > 0)
      return fail(
        `The Raspberry Pi pulls BCM 0 to ${lastPulledUp} up until they are configured, so ${pulled.map(say).join(', ')} is on while it boots.`,
        'Wire these outputs to other pins, such as BCM 17, 22, 23, 24, 25 or 27.',
        figures,
      );
    if (taken.length > 0)
      return warn(
        `Pins of the station have another use: ${taken.join('; ')}.`,
        'Switch that interface off in config.txt and reboot, or wire the line to another pin.',
        figures,
      );
    return ok(`The ${used.length} pins of the station have no other use and no output is pulled up at boot.`, figures);
  },
};

function say({ role, number }: Pin): string {
  return `${role} on BCM ${number}`;
}

/** The header's pins; null where there is no such header. */
async function pinsOf(look: Look): Promise<readonly Pin[] | null> {
  const { wants } = look;
  if (wants === null) return null;
  const chips = await look.chips();
  const known = chips.kind === 'known' ? chips.chips : [];
  if (!known.some(({ label }) => isPiHeader(label))) return null;
  const named = wants.lines.flatMap((wanted) =>
    findLines(wanted, known).flatMap(({ chip, line }) => pin(wanted, bcmNumber(chip, line))),
  );
  return [...named, ...numbered(wants.config.line, known)];
}

function pin({ role, direction }: Omit<Pin, 'number'>, number: number | null): Pin[] {
  return number === null ? [] : [{ role, direction, number }];
}

function numbered(line: NonNullable<Look['wants']>['config']['line'], chips: readonly GpioChip[]): Pin[] {
  if (line.kind !== 'software' || chips.length === 0) return [];
  const { trigger, gate } = line;
  return [
    ...(trigger.kind === 'onoff' ? pin({ role: 'trigger', direction: 'input' }, trigger.gpio) : []),
    ...(gate.kind === 'onoff' ? pin({ role: 'gate', direction: 'output' }, gate.gpio) : []),
  ];
}

/** Pins by what they are given to. */
async function busyPins(host: Host): Promise<ReadonlyMap<number, string>> {
  const boot = await bootText(host);
  const devices = new Set(await host.names('/dev'));
  const busy = new Map<number, string>();
  const give = (by: string, numbers: readonly number[]): void => {
    for (const number of numbers) busy.set(number, by);
  };
  if (devices.has('i2c-1') || isOn(boot, 'i2c_arm')) give('I2C', [2, 3]);
  if (devices.has('spidev0.0') || isOn(boot, 'spi')) give('SPI', [7, 8, 9, 10, 11]);
  if (/^enable_uart=1$/m.test(boot.config)) give('the UART', [14, 15]);
  if (isOn(boot, 'i2s')) give('I2S', [18, 19, 20, 21]);
  for (const { gpiopin } of parametersOf(boot, 'w1-gpio')) give('1-Wire', [Number(gpiopin ?? 4)]);
  return busy;
}
