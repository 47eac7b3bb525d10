import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf } from '../../../../agent/core/render/prng.ts';
import { Client, until } from '../../../../agent/native/gatekeeper/testing/client.ts';
import type { KeeperProcess } from '../../../../agent/native/gatekeeper/testing/keeper-process.ts';
import { atLeast, atMost, type Check, equals } from '../../../faults/check.ts';
import { levelOf } from '../../gatekeeper/pins.ts';
import { Belt, nowNs } from './belt.ts';
import { leastApartMs, Plant, readyIs, startMs } from './plant.ts';
import { sorted, storiesOf, wholeLedger } from './story.ts';
import { watchLines, witnessed } from './trace.ts';
import type { Inside } from './world.ts';

/** As RestartSec= of its unit. */
const restartAfterMs = 200;

interface Figures {
  readonly deathsNs: number[];
  readonly restartsMs: number[];
  gateWasActive: number;
  stillActive: number;
  stillReady: number;
}

/** Waits until somebody answers, if only that it is busy. */
async function answers(socket: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    const client = new Client(socket);
    await until(() => client.heard.length > 0 || client.closed);
    const heard = client.heard.length > 0;
    await client.close();
    if (heard) return;
    await sleep(5);
  }
  throw new Error('the gatekeeper did not answer for 10 s');
}

async function die(keeper: KeeperProcess, figures: Figures): Promise<number> {
  const ended = once(keeper.child, 'exit');
  if (levelOf('gate')) figures.gateWasActive += 1;
  const killedMs = performance.now();
  keeper.child.kill('SIGKILL');
  await ended;
  figures.deathsNs.push(nowNs());
  if (levelOf('gate')) figures.stillActive += 1;
  if (levelOf('ready')) figures.stillReady += 1;
  return killedMs;
}

export async function keeperDeaths(inside: Inside): Promise<readonly Check[]> {
  const times = inside.short ? 4 : 20;
  const random = randomOf(inside.seed, 41);
  const figures: Figures = { deathsNs: [], restartsMs: [], gateWasActive: 0, stillActive: 0, stillReady: 0 };
  const plant = new Plant(inside);
  const belt = new Belt(inside.seed, leastApartMs);
  watchLines(16);
  let keeper = await plant.keeperUp();
  const agent = plant.agent();
  belt.start();
  for (let time = 1; time <= times; time += 1) {
    await readyIs(true, startMs, agent);
    await sleep(random() * 1500);
    if (time % 2 === 0) await until(() => levelOf('gate'), 5000);
    const killedMs = await die(keeper, figures);
    await sleep(restartAfterMs);
    keeper = plant.keeper();
    await answers(plant.socket);
    figures.restartsMs.push(performance.now() - killedMs);
    inside.say(`killed ${time} of ${times}, back after ${figures.restartsMs.at(-1)?.toFixed(0)} ms`);
  }
  await readyIs(true, startMs, agent);
  await belt.stop();
  const status = await plant.finish(agent);
  return [equals('exit status of the agent', status ?? 'none', 0), ...(await judge(inside, plant, belt, figures))];
}

async function judge(inside: Inside, plant: Plant, belt: Belt, figures: Figures): Promise<readonly Check[]> {
  const seen = witnessed();
  const stories = await storiesOf(plant.state, seen, belt.passages, figures.deathsNs);
  const open = stories.filter(({ action }) => action === 'unknown');
  inside.say(`${belt.passages.length} parts, ${stories.length} seen, ${open.length} on the belt at a death`);
  return [
    equals('events that the kernel had no room for', seen.forgotten, 0),
    atLeast('deaths with the gate active', figures.gateWasActive, 1),
    equals('gate active after a death (the simulated chip releases it)', figures.stillActive, 0),
    equals('ready on after a death', figures.stillReady, 0),
    atMost(
      'killed to answering again, with 200 ms of RestartSec, ms',
      Math.round(Math.max(...figures.restartsMs)),
      1000,
    ),
    atLeast('parts on the belt at a death that have their record', open.length, figures.deathsNs.length),
    // With the gatekeeper dead parts go by unsorted; ready is off then.
    ...sorted(stories, inside.say).filter(({ id }) => !id.endsWith('ready off')),
    ...(await wholeLedger(plant.state)),
  ];
}
