import { fail, notRun, ok, warn } from '../finding.ts';
import type { Host } from '../host.ts';
import type { Check } from '../look.ts';

const warmC = 75;
const hotC = 85;

/** The warmest place of the processor. */
export const temperature: Check = {
  id: 'temperature',
  group: 'computer',
  about: 'the temperature',
  run: async ({ host }) => {
    const zones = (await host.names('/sys/class/thermal')).filter((name) => name.startsWith('thermal_zone'));
    const texts = await Promise.all(zones.map((zone) => host.text(`/sys/class/thermal/${zone}/temp`)));
    const degrees = texts.flatMap((text) => (text === undefined || text.trim() === '' ? [] : [Number(text) / 1000]));
    // Zones that are switched off tell nonsense far below zero.
    const real = degrees.filter((each) => each > -40 && each < 150);
    if (real.length === 0) return notRun('This computer does not tell its temperature.');
    const warmestC = Math.round(Math.max(...real) * 10) / 10;
    const figures = { warmestC, zones: real.length };
    if (warmestC >= hotC)
      return fail(
        `The processor has ${warmestC} °C and slows down.`,
        'Cool it: heat sink, fan, a cooler place.',
        figures,
      );
    if (warmestC >= warmC)
      return warn(`The processor has ${warmestC} °C.`, 'Give it a heat sink or a fan before summer comes.', figures);
    return ok(`The processor has ${warmestC} °C.`, figures);
  },
};

const throttledFile = '/sys/devices/platform/soc/soc:firmware/get_throttled';

/** Bits of a Raspberry Pi's firmware: what is so now in the low ones, what has been so since boot 16 higher. */
const bits = [
  [0, 'under-voltage'],
  [1, 'the frequency capped'],
  [2, 'slowed down'],
  [3, 'the soft temperature limit'],
] as const;

async function throttled(host: Host): Promise<number | null> {
  const text = await host.text(throttledFile);
  if (text !== undefined) return Number.parseInt(text.trim().replace(/^0x/, ''), 16);
  const ran = await host.run('vcgencmd', ['get_throttled']);
  const [, hex] = ran.kind === 'ran' ? (/throttled=0x([0-9a-f]+)/i.exec(ran.stdout) ?? []) : [];
  return hex === undefined ? null : Number.parseInt(hex, 16);
}

function named(flags: number, shift: number): string[] {
  return bits.flatMap(([bit, name]) => ((flags >> (bit + shift)) & 1 ? [name] : []));
}

/** What a Raspberry Pi's firmware says of voltage and speed. */
export const throttling: Check = {
  id: 'throttling',
  group: 'computer',
  about: 'slowing down',
  run: async ({ host }) => {
    const flags = await throttled(host);
    if (flags === null || Number.isNaN(flags))
      return notRun('Only the firmware of a Raspberry Pi tells whether it slows down.');
    const now = named(flags, 0);
    const since = named(flags, 16);
    const figures = { flags: `0x${flags.toString(16)}`, now, sinceBoot: since };
    const advice = 'Use a power supply of 5.1 V with enough current and a short cable, and cool the processor.';
    if (now.length > 0) return fail(`The firmware reports ${now.join(', ')} right now.`, advice, figures);
    if (since.length > 0)
      return warn(`The firmware has reported ${since.join(', ')} since it was started.`, advice, figures);
    return ok('The firmware has reported neither under-voltage nor slowing down since it was started.', figures);
  },
};

/** The supply's voltage, as hwmon and the kernel's log have it. */
export const power: Check = {
  id: 'power',
  group: 'computer',
  about: 'the power supply',
  run: async ({ host }) => {
    const alarm = await alarmOf(host);
    const log = await host.run('dmesg', ['--level', 'err,warn,notice,crit']);
    const times =
      log.kind === 'ran' && log.code === 0
        ? (log.stdout.match(/under-?voltage detected|oc\d*: over-?current/gi) ?? []).length
        : null;
    const figures = { alarmNow: alarm, inLog: times };
    const advice = 'Use a power supply of 5.1 V with enough current and a short cable.';
    if (alarm === true) return fail('The supply voltage is too low right now.', advice, figures);
    if (times !== null && times > 0)
      return warn(`The kernel log has low voltage or too much current ${times} times.`, advice, figures);
    if (alarm === null && times === null)
      return notRun('This computer does not tell whether its power supply is good.', null, figures);
    return ok('Nothing has been reported against the power supply.', figures);
  },
};

async function alarmOf(host: Host): Promise<boolean | null> {
  for (const each of await host.names('/sys/class/hwmon')) {
    const folder = `/sys/class/hwmon/${each}`;
    if ((await host.text(`${folder}/name`))?.trim() !== 'rpi_volt') continue;
    const alarm = await host.text(`${folder}/in0_lcrit_alarm`);
    if (alarm !== undefined) return alarm.trim() === '1';
  }
  return null;
}

/** How the processor's frequency is chosen. */
export const governor: Check = {
  id: 'governor',
  group: 'computer',
  about: 'the governor of the processor',
  run: async ({ host }) => {
    const folder = '/sys/devices/system/cpu/cpufreq';
    const policies = (await host.names(folder)).filter((name) => name.startsWith('policy'));
    const texts = await Promise.all(policies.map((name) => host.text(`${folder}/${name}/scaling_governor`)));
    const governors = [...new Set(texts.flatMap((text) => (text === undefined ? [] : [text.trim()])))];
    if (governors.length === 0) return notRun('This computer does not choose the frequency of its processor.');
    const figures = { governors };
    if (governors.includes('powersave'))
      return warn(
        'The governor powersave may keep the processor at its lowest frequency, so verdicts take longer.',
        'Set the governor performance, for example with sudo cpupower frequency-set -g performance.',
        figures,
      );
    return ok(`The governor of the processor is ${governors.join(', ')}.`, figures);
  },
};
