import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, kinds, until } from '../../../../agent/native/gatekeeper/testing/client.ts';
import { atLeast, atMost, type Check, equals } from '../../../faults/check.ts';
import type { Cli } from '../../../support/cli.ts';
import { findVivid, plugIn, pullOut } from '../../camera/vivid.ts';
import { levelOf, setChip } from '../../gatekeeper/pins.ts';
import { Belt, nowNs } from './belt.ts';
import { holds } from './holds.ts';
import { leastApartMs, Plant, readyIs, startMs, travel } from './plant.ts';
import { type PartStory, sorted, storiesOf, wholeLedger } from './story.ts';
import { watchLines, witnessed } from './trace.ts';
import type { Inside } from './world.ts';

/** For a part to reach the gate and its record the ledger. */
const throughMs = travel.delayMs + travel.widthMs + 200;

/** From a fault to its end, and whether the station worked again by itself. */
interface Fault {
  readonly name: string;
  readonly fromNs: number;
  readonly toNs: number;
  readonly recoveredMs: number;
}

/** A station that runs, and what its log has told so far. */
class Patient {
  readonly agent: Cli;
  readonly faults: Fault[] = [];
  readonly #say: (line: string) => void;

  constructor(agent: Cli, say: (line: string) => void) {
    this.agent = agent;
    this.#say = say;
  }

  /** How often the log says what matches. */
  says(pattern: RegExp): number {
    return this.agent.stderr.match(pattern)?.length ?? 0;
  }

  /** Does something to it for a while, undoes it and waits until a part is judged again. */
  async suffer(name: string, begin: () => unknown, end: () => unknown, forMs = 2500): Promise<void> {
    const fromNs = nowNs();
    await begin();
    await sleep(forMs);
    await end();
    const [toNs, endedMs, judged] = [nowNs(), performance.now(), this.says(recordedWithVerdict)];
    const isWell = (): boolean => levelOf('ready') && this.says(recordedWithVerdict) > judged + 1;
    const recovered = await until(isWell, 40_000);
    const recoveredMs = recovered ? performance.now() - endedMs : Number.POSITIVE_INFINITY;
    this.#say(`${name}: well again after ${recoveredMs.toFixed(0)} ms`);
    this.faults.push({ name, fromNs, toNs, recoveredMs });
    // What was on the belt meanwhile has to be over before the next.
    await sleep(throughMs);
  }
}

const recordedWithVerdict = /"event":"recorded","part":\d+,"what":"(pass|reject|review)"/g;

/** The lab's kernel does not tell a process's children. */
function modelsPid(): number | undefined {
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && commandOf(name).includes('onnx-child'));
  return pid === undefined ? undefined : Number(pid);
}

/** Kills the classifier, and every one that is started in its place, until it is told to stop. */
function killModels(): () => Promise<void> {
  let goesOn = true;
  const killing = (async () => {
    for (; goesOn; await sleep(50)) {
      killIfThere(modelsPid());
    }
  })();
  return async () => {
    goesOn = false;
    await killing;
  };
}

function killIfThere(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself since it was seen.
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function smallDisk(inside: Inside): void {
  const state = path.join(inside.folder, 'state');
  mkdirSync(state);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', state]);
  if (status !== 0) throw new Error('a small disk could not be mounted');
}

/** Somebody else's file takes all that is left. */
function fill(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  try {
    writeFileSync(path.join(folder, 'filler'), Buffer.alloc(bavail * bsize));
  } catch {
    // The station was writing too: full is full.
  }
}

async function secondAgent(plant: Plant): Promise<readonly Check[]> {
  const second = new Client(plant.socket);
  const sentAway = await until(() => second.closed && second.of(kinds.refused)[0]?.code === 1);
  await sleep(500);
  return [holds('a second agent is sent away', sentAway), holds('ready stays on beside it', levelOf('ready'))];
}

export async function faults(inside: Inside): Promise<readonly Check[]> {
  const device = findVivid(path.join(inside.programs, 'linegate-v4l2'))?.device ?? '/dev/video0';
  smallDisk(inside);
  const plant = new Plant(inside, {
    camera: { kind: 'v4l2', device, format: 'yuyv', widthPx: 640, heightPx: 480, framesPerSecond: 30 },
    station: { storage: { ballastMegabytes: 2 } },
  });
  const belt = new Belt(inside.seed, leastApartMs);
  watchLines(16);
  const keeper = await plant.keeperUp();
  const patient = new Patient(plant.agent(), inside.say);
  const { agent } = patient;
  belt.start();
  await readyIs(true, startMs, agent);
  if (!(await until(() => patient.says(recordedWithVerdict) > 3, 20_000))) {
    throw new Error(`no part got a verdict: ${agent.stderr.slice(-2000)}`);
  }
  const second = await secondAgent(plant);
  await patient.suffer(
    'camera unplugged',
    () => pullOut(),
    () => plugIn(),
    4000,
  );
  let stopKilling = async (): Promise<void> => {};
  await patient.suffer(
    'classifier killed',
    () => {
      stopKilling = killModels();
    },
    () => stopKilling(),
  );
  await patient.suffer(
    'disk full',
    () => fill(plant.state),
    () => rmSync(path.join(plant.state, 'filler')),
    5000,
  );
  await patient.suffer(
    'chip removed',
    () => setChip(false),
    () => setChip(true),
  );
  await belt.stop();
  const status = await plant.finish(agent);
  return [
    equals('exit status of the agent', status ?? 'none', 0),
    holds('the gatekeeper was never restarted', keeper.child.exitCode === null),
    ...second,
    ...(await judge(inside, plant, belt, patient)),
  ];
}

async function judge(inside: Inside, plant: Plant, belt: Belt, patient: Patient): Promise<readonly Check[]> {
  const seen = witnessed();
  const chip = patient.faults.filter(({ name }) => name === 'chip removed').map(({ fromNs }) => fromNs);
  const stories = await storiesOf(plant.state, seen, belt.passages, chip);
  const during = (fault: Fault): PartStory[] =>
    stories.filter(({ edgeNs }) => edgeNs > fault.fromNs && edgeNs < fault.toNs);
  for (const fault of patient.faults)
    inside.say(
      `${fault.name}: ${during(fault)
        .map(({ what }) => what)
        .join(' ')}`,
    );
  const count = (name: string, what: string): number =>
    patient.faults
      .filter((fault) => fault.name === name)
      .flatMap(during)
      .filter((story) => story.what === what).length;
  // Without its chip a gate cannot move; ready is off then.
  const unsorted = sorted(stories, inside.say).filter(({ id }) => !id.endsWith('ready off'));
  return [
    equals('events that the kernel had no room for', seen.forgotten, 0),
    ...patient.faults.map(({ name, recoveredMs }) =>
      atMost(`${name}: well again by itself, ms`, Math.round(recoveredMs), 15_000),
    ),
    atLeast('parts without a frame while it was unplugged', count('camera unplugged', 'no-frame'), 3),
    atLeast('parts without a classifier while it was killed', count('classifier killed', 'classifier-down'), 3),
    holds(
      'ready was off without the chip',
      stories.every(({ edgeNs, ready }) => !ready || !chip.some((ns) => edgeNs > ns && edgeNs < ns + 5e8)),
    ),
    ...unsorted,
    ...(await wholeLedger(plant.state)),
  ];
}
