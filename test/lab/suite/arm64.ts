import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LinegateError } from '../../../agent/core/errors.ts';
import { attached, kinds, until } from '../../../agent/native/gatekeeper/testing/client.ts';
import { startKeeper } from '../../../agent/native/gatekeeper/testing/keeper-process.ts';
import { TestLines } from '../../../agent/native/gatekeeper/testing/lines.ts';
import { buildLinuxProgram, buildLinuxPrograms } from '../../../agent/native/linux/programs.ts';
import { type Check, equals, notRun } from '../../faults/check.ts';
import { holds } from './inside/holds.ts';
import type { LabRound, LabScenario } from './lab.ts';

/** The programs for a Raspberry Pi or a Jetson, in an emulated user space: they start, speak and refuse. */
export const arm64: LabScenario = {
  name: 'arm64',
  timeoutMs: () => 240_000,
  run: async (round) => {
    const emulator = path.join(path.dirname(round.lab), 'arm64');
    if (!existsSync(emulator)) return [notRun('arm64', `there is no ${emulator}`)];
    const folder = path.join(round.folder, 'app');
    mkdirSync(folder);
    try {
      buildAll(folder);
    } catch (error) {
      if (!(error instanceof LinegateError) || error.code !== 'missing-package') throw error;
      return [notRun('arm64', error.message)];
    }
    writeFileSync(path.join(folder, 'gatekeeper.conf'), conf);
    return [...refusals(emulator, folder), ...(await speaks(round, emulator, folder))];
  },
};

const socketName = 'socket';
const conf = `station arm64
socket /app/${socketName}
ring /app/ring
input trigger chip=pinctrl-rp1 line=TRIGGER
output gate chip=pinctrl-rp1 line=GATE
output ready chip=pinctrl-rp1 line=READY
base time
delay 3000000000
width 20000000
recovery 10000000
lead 20000000
trigger-dead 20000000
`;

/** The same program, but with lines at the other end of a socket: the emulator has none. */
export const gatekeeperOnSocket = {
  name: 'gatekeeper-on-a-socket',
  folders: ['gatekeeper', 'gatekeeper/core', 'gatekeeper/testing', 'track'],
  without: ['gpio.c', 'gpio_find.c'],
};

function buildAll(folder: string): void {
  buildLinuxPrograms({ arch: 'arm64', folder });
  buildLinuxProgram(gatekeeperOnSocket, { arch: 'arm64', folder });
}

function refusals(emulator: string, folder: string): Check[] {
  const run = (...args: string[]): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync(emulator, [folder, ...args], { encoding: 'utf8', timeout: 120_000 });
    return { status, text: `${stdout}${stderr}`.trim() };
  };
  const version = run('./linegate-gatekeeper', '--version');
  const check = run('./linegate-gatekeeper', '--conf', 'gatekeeper.conf', '--check');
  const start = run('./linegate-gatekeeper', '--conf', 'gatekeeper.conf');
  const list = run('./linegate-v4l2', '--list');
  return [
    holds('tells its version', version.status === 0 && version.text.startsWith('linegate-gatekeeper ')),
    equals('checks a configuration: exit status', check.status ?? 'none', 0),
    equals('without chips: exit status', start.status ?? 'none', 3),
    equals('without chips: sentences', start.text.split('\n').length, 1),
    {
      id: 'without chips it says',
      value: start.text,
      limit: 'told',
      ok: start.text.includes('pinctrl-rp1'),
      ran: true,
    },
    holds('linegate-v4l2 lists cameras', list.status === 0),
  ];
}

/** A part without a verdict and one with a pass, on lines that this process drives. */
async function speaks(round: LabRound, emulator: string, folder: string): Promise<Check[]> {
  const lines = new TestLines(path.join(folder, 'lines'));
  await lines.plugIn();
  round.after(() => lines.unplug());
  const program = ['/bin/env', 'LINEGATE_TEST_LINES=/app/lines', './gatekeeper-on-a-socket'];
  const keeper = startKeeper(emulator, [folder, ...program, '--conf', 'gatekeeper.conf']);
  round.after(() => keeper.child.kill('SIGKILL'));
  const started = await until(() => existsSync(path.join(folder, socketName)), 60_000);
  if (!started) throw new Error(`it did not start: ${keeper.log.slice(-500)}`);
  const client = await attached(path.join(folder, socketName));
  client.resume();
  const ready = await lines.reaches('READY', true, 10_000);
  lines.pulse('TRIGGER');
  const first = await until(() => client.of(kinds.trigger).length === 1, 10_000);
  // Closer than trigger-dead they would be one part.
  await sleep(200);
  lines.pulse('TRIGGER');
  const second = await until(() => client.of(kinds.trigger).length === 2, 10_000);
  client.pass(client.of(kinds.trigger)[1]?.part ?? 0);
  const closed = await until(() => client.of(kinds.closed).length === 2, 20_000);
  const ejected = lines.changes.filter(({ line, active }) => line === 'GATE' && active).length;
  await client.close();
  return [
    holds('an agent attaches and ready comes on', ready),
    holds('two triggers are told', first && second),
    holds('both parts are closed', closed),
    equals('ejected: the one without a verdict', ejected, 1),
  ];
}
