/** Runs in the lab, under systemd: `inside.ts TREE` installs an unpacked package, tries its units, leaves checks in LAB_OUT. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../agent/core/errors.ts';
import { atLeast, type Check, equals } from '../../faults/check.ts';
import { startTrace } from '../../lab/gatekeeper/pins.ts';
import { wholeLedger } from '../../lab/suite/inside/story.ts';
import { Belt, readyIs } from './inside/belt.ts';
import { changedCalibration, secondStation, wrongStation } from './inside/configuration.ts';
import { agentHangs, agentKilled, gatekeeperHangs, gatekeeperKilled } from './inside/deaths.ts';
import {
  giveDevices,
  installTree,
  state,
  stationFile,
  vividCamera,
  writeCalibration,
  writeStation,
} from './inside/install.ts';
import { powerOff } from './inside/poweroff.ts';
import { command, must, show } from './inside/service.ts';
import { rights, secret, unitFiles } from './inside/units.ts';
import { agent, gatekeeper, type Trial, type World } from './inside/world.ts';
import { checksFile } from './result.ts';

const [tree = ''] = process.argv.slice(2);
const checks: Check[] = [];
const world: World = { belt: new Belt(), say: (line) => console.log(line) };

async function active(): Promise<readonly Check[]> {
  mkdirSync('/etc/linegate/credentials', { recursive: true });
  writeFileSync('/etc/linegate/credentials/mqtt-password', secret, { mode: 0o600 });
  writeStation(stationFile);
  writeCalibration();
  must('systemctl', 'start', agent);
  await readyIs(true);
  return [agent, gatekeeper].map((unit) => equals(`active: ${unit}`, show(unit, 'ActiveState'), 'active'));
}

const sorting: Trial = async ({ belt }) => {
  await belt.send(10);
  await belt.clear();
  return [equals('what doctor is told', show(gatekeeper, 'StatusText'), 'ready, no doubt')];
};

/** From here on with the kernel's virtual camera: the simulated one draws its parts first, and no device does that at a start. */
const camera: Trial = async ({ belt }) => {
  writeStation(stationFile, { camera: vividCamera() });
  must('systemctl', 'restart', agent);
  await readyIs(true);
  await belt.send(3);
  await belt.clear();
  return [equals('with a camera of the kernel: agent', show(agent, 'ActiveState'), 'active')];
};

/** The ledger at the end of all. */
const accounts: Trial = async ({ belt, say }) => {
  must('systemctl', 'stop', agent);
  const { checks: judged, whats } = await belt.judge();
  say(`${belt.passages.length} parts: ${JSON.stringify(whats)}`);
  const rejected = (whats['reject'] ?? 0) + (whats['review'] ?? 0);
  const whole = await wholeLedger(state);
  must('systemctl', 'start', agent);
  return [...judged, atLeast('parts passed', whats['pass'] ?? 0, 1), atLeast('parts rejected', rejected, 1), ...whole];
};

const trials: Readonly<Record<string, Trial>> = {
  'unit files': async () => unitFiles(),
  active,
  rights: async () => rights(),
  sorting,
  camera,
  agentKilled,
  agentHangs,
  gatekeeperKilled,
  gatekeeperHangs,
  wrongStation,
  changedCalibration,
  accounts,
  secondStation,
};

async function play(name: string, trial: Trial): Promise<boolean> {
  let finished = true;
  try {
    checks.push(...(await trial(world)));
  } catch (error) {
    finished = false;
    world.say(command('journalctl', '-n', '40', '-u', 'linegate*', '-o', 'short-monotonic', '--no-pager').text);
    checks.push({ id: `${name}: finished`, value: messageOf(error), limit: 'no fault', ok: false, ran: true });
  }
  // After each: a machine that stops has told what it had.
  writeFileSync(path.join(process.env['LAB_OUT'] ?? '.', checksFile), JSON.stringify(checks));
  world.say(`${name}: done`);
  return finished;
}

installTree(tree);
giveDevices();
startTrace();
for (const [name, trial] of Object.entries(trials)) {
  // A station that never ran has nothing more to show.
  if (!(await play(name, trial)) && name === 'active') process.exit(1);
}
await powerOff();
