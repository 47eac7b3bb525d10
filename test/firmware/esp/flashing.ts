import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RomLoader, type RomScript } from '../../../tools/esp/testing/rom-loader.ts';
import { type Check, equals } from '../../faults/check.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import { type Ended, linegate } from '../../support/cli.ts';
import { openPty } from './pty.ts';

const targets = { ESP32: 'esp32', 'ESP32-S3': 'esp32s3', 'ESP32-C3': 'esp32c3' } as const;
const images = [
  { file: 'bootloader.bin', address: 0x1000, bytes: randomBytes(3000) },
  { file: 'linegate.bin', address: 0x20000, bytes: randomBytes(30_000) },
];
const start = [
  'linegate {"event":"boot","firmware":"0.1.0","board":"esp32-cam","reset":"power-on","model":"bean@3","sha256":"0123456789abcdef"}',
  'linegate {"event":"self-test","ok":true,"vectors":4,"passed":4,"arenaUsedBytes":81920,"inferenceUs":54321}',
  'linegate {"event":"ready","on":true,"why":"all is well"}',
];
const CLI_MS = 120_000;
const UNTOUCHED = 0x5a;

/** Where the checks of the command line work. */
export interface Bench extends Cleanup {
  readonly folder: string;
  /** The program that makes pseudo-terminals. */
  readonly pty: string;
}

/** `linegate esp flash` against scripted ROM loaders, each over a pseudo-terminal. */
export async function flashChecks(bench: Bench): Promise<Check[]> {
  const checks: Check[] = [];
  for (const chip of ['ESP32', 'ESP32-S3', 'ESP32-C3'] as const) checks.push(await flashes(bench, chip));
  return [...checks, await otherChip(bench), await noLoader(bench), await wornFlash(bench), await unplugged(bench)];
}

async function flashes(bench: Bench, chip: RomScript['chip']): Promise<Check> {
  const id = `firmware.esp-cli.flash.${chip.toLowerCase()}`;
  const { rom, ended } = await flash(bench, { chip, downloadMode: true }, chip);
  const { exitCode, stdout, stderr } = await ended;
  if (exitCode !== 0) return equals(id, `ended with ${exitCode}: ${stderr.slice(-200)}`, 'flashed, self-test 4 of 4');
  const whole = images.every(({ address, bytes }) =>
    rom.flash.memory.subarray(address, address + bytes.length).equals(bytes),
  );
  const { report } = JSON.parse(stdout) as { report: { selfTest?: { passed: number; vectors: number } } };
  const words = `${whole ? 'flashed' : 'NOT flashed'}, self-test ${report.selfTest?.passed} of ${report.selfTest?.vectors}`;
  return equals(id, words, 'flashed, self-test 4 of 4');
}

async function otherChip(bench: Bench): Promise<Check> {
  const { rom, ended } = await flash(bench, { chip: 'ESP32-C3', downloadMode: true }, 'ESP32-S3');
  const told = /is an ESP32-C3 and the firmware was built for ESP32-S3/;
  return refused('firmware.esp-cli.other-chip', await ended, told, rom);
}

/** A board that runs its firmware, and a port that cannot bring it into download mode. */
async function noLoader(bench: Bench): Promise<Check> {
  const { rom, ended } = await flash(bench, { chip: 'ESP32' }, 'ESP32');
  return refused('firmware.esp-cli.no-loader', await ended, /hold its BOOT button/, rom);
}

async function wornFlash(bench: Bench): Promise<Check> {
  const { ended } = await flash(bench, { chip: 'ESP32', downloadMode: true, brokenCell: 0x20010 }, 'ESP32');
  return refused('firmware.esp-cli.worn-flash', await ended, /does not hold what was written/);
}

async function unplugged(bench: Bench): Promise<Check> {
  const { rom, stream, ended, unplug } = await flash(bench, { chip: 'ESP32', downloadMode: true }, 'ESP32');
  // As soon as it erases what was there: the loader has taken these bytes when this hears of them.
  stream.on('data', () => {
    if (rom.flash.memory[images[0]?.address ?? 0] !== UNTOUCHED) unplug();
  });
  return refused('firmware.esp-cli.unplugged', await ended, /fell silent|took longer/);
}

async function flash(bench: Bench, script: RomScript, built: RomScript['chip']) {
  const { port, stream, unplug } = await openPty(bench, bench.pty);
  const rom = new RomLoader(stream, script);
  rom.start();
  // A pseudo-terminal cannot reset the board; its firmware starts by itself once it was written, until somebody listens.
  const boots = setInterval(() => {
    if (rom.digests === images.length) stream.write(`${start.join('\r\n')}\r\n`);
  }, 500);
  const args = ['esp', 'flash', buildFolder(bench, built), '--port', port, '--minutes', '0.5', '--json'];
  const ended = linegate(bench, args, { timeoutMs: CLI_MS }).finally(() => clearInterval(boots));
  return { rom, stream, ended, unplug };
}

/** What ESP-IDF leaves behind. */
function buildFolder({ folder }: Bench, chip: RomScript['chip']): string {
  const built = path.join(folder, `built-${targets[chip]}`);
  mkdirSync(built, { recursive: true });
  for (const { file, bytes } of images) writeFileSync(path.join(built, file), bytes);
  const files = Object.fromEntries(images.map(({ file, address }) => [`0x${address.toString(16)}`, file]));
  const written = { flash_files: files, extra_esptool_args: { chip: targets[chip] } };
  writeFileSync(path.join(built, 'flasher_args.json'), JSON.stringify(written));
  return built;
}

/** Refused in one sentence, with nothing written where a ROM is given. */
export function refused(id: string, { exitCode, stderr }: Ended, words: RegExp, rom?: RomLoader): Check {
  const clean = rom === undefined || rom.flash.memory.every((byte) => byte === UNTOUCHED);
  const sentence = stderr.split('\n').findLast((line) => line.startsWith('linegate: ')) ?? '';
  const right = exitCode === 3 && words.test(sentence) && clean;
  const value = right ? 'refused' : `${exitCode}, ${clean ? 'nothing written' : 'WRITTEN'}: ${stderr.slice(-300)}`;
  return equals(id, value, 'refused');
}
