import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { atLeast, atMost, type Check, equals, notRun } from '../faults/check.ts';
import { build, firmwareFolder } from './cmake.ts';
import { clangBuild } from './host.ts';
import { type Ended, missingPrograms, runProgram, tail } from './programs.ts';
import type { FirmwareRun, FirmwareSuite } from './suite.ts';

const TEST_MS = 300_000;
const FUZZ_MS = 900_000;

/** The ring in NOR flash: power cuts in every write and erase, wear, random operations and random bytes. */
export const flashSuite: FirmwareSuite = {
  name: 'flash',
  run: (run) =>
    withBuild(run, 'firmware.flash', async (folder) => {
      const [cuts, rules, random] = await Promise.all([
        test(folder, 'flash_ring/flash_ring_cuts_test'),
        test(folder, 'flash_ring/flash_ring_test'),
        test(folder, 'flash_ring/flash_ring_random_test'),
      ]);
      const [, least = 0, most = Number.POSITIVE_INFINITY] = /wear: (\d+) to (\d+) erases/.exec(rules.output) ?? [];
      return [
        ...[passed('firmware.flash.cuts', cuts), passed('firmware.flash.rules', rules)],
        passed('firmware.flash.random', random),
        atLeast('firmware.flash.cuts.tried', numberIn(cuts, /cuts: (\d+)/), 1000),
        atLeast('firmware.flash.cuts.boots', numberIn(cuts, /boots: (\d+)/), 300),
        atMost('firmware.flash.wear.spread', Number(most) - Number(least), 1),
        await fuzz(folder, 'flash_ring', 'firmware.flash.fuzz', run.short ? 1000 : 20_000),
      ];
    }),
};

/** MQTT packets, acknowledgements, zlib and the window: what the standard says, every split, and random bytes. */
export const mqttSuite: FirmwareSuite = {
  name: 'mqtt',
  run: (run) =>
    withBuild(run, 'firmware.mqtt', async (folder) => [
      passed('firmware.mqtt.packets', await test(folder, 'uplink/uplink_mqtt_test')),
      passed('firmware.mqtt.client', await test(folder, 'uplink/uplink_client_test')),
      passed('firmware.mqtt.acks', await test(folder, 'uplink/uplink_ack_test')),
      passed('firmware.mqtt.window', await test(folder, 'uplink/uplink_window_test')),
      await fuzz(folder, 'uplink', 'firmware.mqtt.fuzz', run.short ? 100_000 : 3_000_000),
    ]),
};

async function withBuild(
  run: FirmwareRun,
  id: string,
  work: (folder: string) => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  const lacking = missingPrograms(['cmake', 'ninja', 'clang-19', 'clang++-19']);
  if (lacking.length > 0) return [notRun(id, `${lacking.join(', ')} not installed`)];
  const host = { ...clangBuild(run), id };
  const built = await build(host);
  return built.ok ? [built, ...(await work(path.join(host.folder, 'test')))] : [built];
}

function test(folder: string, program: string): Promise<Ended> {
  return runProgram(path.join(folder, program), [], TEST_MS);
}

/** Tests whose last line counts those that failed. */
function passed(id: string, { status, output }: Ended): Check {
  const [, all = '0', failed = 'all'] = /(\d+) tests, (\d+) failed/.exec(output) ?? [];
  const sound = status === 0 && failed === '0' && Number(all) > 0;
  return equals(id, sound ? '0 failed' : tail(output), '0 failed');
}

function numberIn({ output }: Ended, pattern: RegExp): number {
  return Number(pattern.exec(output)?.[1] ?? 0);
}

/** Runs a libFuzzer target for a number of inputs, half of them on each of two processors; what it finds is in what it says. */
async function fuzz(folder: string, name: string, id: string, runs: number): Promise<Check> {
  const halves = await Promise.all([1, 2].map((seed) => fuzzHalf(folder, name, seed, Math.ceil(runs / 2))));
  const failed = halves.find(({ status }) => status !== 0);
  if (failed !== undefined) return { id, value: tail(failed.output), limit: `>= ${runs}`, ok: false, ran: true };
  return atLeast(
    id,
    halves.reduce((sum, half) => sum + numberIn(half, /Done (\d+) runs/), 0),
    runs,
  );
}

function fuzzHalf(folder: string, name: string, seed: number, runs: number): Promise<Ended> {
  const corpus = path.join(folder, name, `corpus-${seed}`);
  mkdirSync(corpus, { recursive: true });
  const seeds = path.join(firmwareFolder, 'test', name, 'corpus');
  const folders = [corpus, ...(existsSync(seeds) ? [seeds] : [])];
  const program = path.join(folder, name, `${name}_fuzz`);
  const args = [`-runs=${runs}`, `-seed=${seed}`, '-max_len=600', `-artifact_prefix=${folder}/`, ...folders];
  return runProgram(program, args, FUZZ_MS);
}
