import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SystemClock } from '../../../agent/adapters/clock/system.ts';
import { dialSocket } from '../../../agent/adapters/line/gatekeeper/connection.ts';
import { GatekeeperLine } from '../../../agent/adapters/line/gatekeeper/line.ts';
import { confDigest } from '../../../agent/config/gatekeeper-conf.ts';
import { startKeeper } from '../../../agent/native/gatekeeper/testing/keeper-process.ts';
import { TestLines } from '../../../agent/native/gatekeeper/testing/lines.ts';
import { buildLinuxProgram } from '../../../agent/native/linux/programs.ts';
import { equals } from '../../faults/check.ts';
import { gatekeeperOnSocket } from './arm64.ts';
import type { LabRound, LabScenario } from './lab.ts';

/** The whole gatekeeper on this computer's kernel, with edges from a socket in place of a chip: how many it can take. */
export const edgesOnHost: LabScenario = {
  name: 'edges-host',
  timeoutMs: () => 180_000,
  run: async (round) => {
    const belt = await startBelt(round);
    const steady = await stretch(belt, 5000, round.short ? 20 : 60);
    round.say(`  ${sentenceOf(steady)}`);
    let highest = steady;
    for (let rate = 10_000; rate <= (round.short ? 40_000 : 320_000) && isWhole(highest); rate *= 2) {
      const next = await stretch(belt, rate, 2);
      round.say(`  ${sentenceOf(next)}`);
      if (!isWhole(next)) break;
      highest = next;
    }
    const limit = 'told';
    return [
      equals('edges at 5 kHz that were not counted', steady.made - steady.counted, 0),
      equals('losses declared at 5 kHz', steady.losses, 0),
      { id: 'at 5 kHz', value: sentenceOf(steady), limit, ok: true, ran: true },
      { id: 'highest rate tried without a loss', value: sentenceOf(highest), limit, ok: true, ran: true },
    ];
  },
};

interface Belt {
  readonly lines: TestLines;
  readonly told: { counts: number; losses: number };
  edges: number;
}

interface Stretch {
  readonly made: number;
  readonly counted: number;
  readonly losses: number;
  readonly perSecond: number;
}

const isWhole = ({ made, counted, losses }: Stretch): boolean => made === counted && losses === 0;

function sentenceOf({ made, counted, losses, perSecond }: Stretch): string {
  return `${counted} of ${made} edges counted at ${perSecond} a second, ${losses} losses declared`;
}

function confOf(folder: string): string {
  return `station edges
socket ${folder}/socket
ring ${folder}/ring
input trigger chip=host line=TRIGGER
input encoder-a chip=host line=A
input encoder-b chip=host line=B
output gate chip=host line=GATE
base encoder
encoder quadrature
delay 2000
width 100
recovery 50
lead 100
trigger-dead 50
`;
}

async function startBelt(round: LabRound): Promise<Belt> {
  const folder = path.join(round.folder, 'edges');
  mkdirSync(folder);
  const program = buildLinuxProgram(gatekeeperOnSocket, { arch: 'x64', folder });
  const conf = path.join(folder, 'gatekeeper.conf');
  const text = confOf(folder);
  writeFileSync(conf, text);
  const lines = new TestLines(path.join(folder, 'lines'));
  await lines.plugIn();
  round.after(() => lines.unplug());
  const keeper = startKeeper(program, ['--conf', conf], { env: { ...process.env, LINEGATE_TEST_LINES: lines.path } });
  round.after(() => keeper.child.kill('SIGKILL'));
  const socket = path.join(folder, 'socket');
  const dial = dialSocket(socket);
  const line = new GatekeeperLine({
    clock: new SystemClock(),
    socket,
    dial,
    digest: confDigest(text),
    heartbeatNs: 1e9,
  });
  round.after(() => line.stop());
  const told = { counts: 0, losses: 0 };
  await line.start(1, (event) => {
    if (event.kind === 'encoder') Object.assign(told, { counts: event.counts, losses: event.losses });
  });
  return { lines, told, edges: 0 };
}

/** A before B is forward. */
const cycle = [
  ['A', true],
  ['B', true],
  ['A', false],
  ['B', false],
] as const;

/** Each millisecond as many edges as should have come by then. */
async function stretch(belt: Belt, rate: number, seconds: number): Promise<Stretch> {
  const before = { ...belt.told };
  const startMs = performance.now();
  let made = 0;
  for (let ms = 0; ms < seconds * 1000; ms = performance.now() - startMs) {
    for (; made < (ms * rate) / 1000; made += 1) {
      const [line, active] = cycle[belt.edges % cycle.length] ?? cycle[0];
      belt.lines.drive(line, active);
      belt.edges += 1;
    }
    await sleep(1);
  }
  const ms = performance.now() - startMs;
  // The belt is told of at most five times a second.
  await sleep(1500);
  const [counted, losses] = [belt.told.counts - before.counts, belt.told.losses - before.losses];
  return { made, counted, losses, perSecond: Math.round((made * 1000) / ms) };
}
