import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, randomOf } from '../../../../agent/core/render/prng.ts';
import { atLeast, type Check, equals } from '../../../faults/check.ts';
import type { Cli } from '../../../support/cli.ts';
import { Belt } from './belt.ts';
import { leastApartMs, Plant, readyIs, startMs } from './plant.ts';
import { sorted, storiesOf, strayPulses, wholeLedger } from './story.ts';
import { watchLines, witnessed } from './trace.ts';
import type { Inside } from './world.ts';

/** Longer than the heartbeat allows, with room for a busy machine. */
const noticedMs = 2500;
/** To start takes no time by the lab's exact clock; parts are to come while there is no agent. */
const deadMs = 1500;

/** Something that happens to an agent; it is over when ready is on again. */
type Death = (plant: Plant, agent: Cli, random: Random) => Promise<Cli>;

async function kill(plant: Plant, agent: Cli, random: Random): Promise<Cli> {
  if (random() < 0.5) agent.killGroup('SIGKILL');
  else agent.kill('SIGKILL');
  await agent.ended;
  await readyIs(false, noticedMs);
  await sleep(deadMs);
  return plant.agent();
}

async function stop(_plant: Plant, agent: Cli): Promise<Cli> {
  agent.kill('SIGSTOP');
  await readyIs(false, noticedMs, agent);
  await sleep(500);
  agent.kill('SIGCONT');
  return agent;
}

async function block(_plant: Plant, agent: Cli): Promise<Cli> {
  agent.kill('SIGUSR2');
  await readyIs(false, noticedMs, agent);
  return agent;
}

/** The cheap ones first: the last leaves a new agent. */
const deaths: readonly Death[] = [block, stop, kill];

/** A real agent with its ledger and model is blocked, stopped and killed while parts are between photo-eye and gate. */
export async function agentDeaths(inside: Inside): Promise<readonly Check[]> {
  const times = inside.short ? 1 : 20;
  const random = randomOf(inside.seed, 31);
  const plant = new Plant(inside);
  const belt = new Belt(inside.seed, leastApartMs);
  watchLines(16);
  const keeper = await plant.keeperUp();
  let agent = plant.agent();
  belt.start();
  for (let time = 1; time <= times; time += 1) {
    for (const death of deaths) {
      await readyIs(true, startMs, agent);
      await sleep(1000 + random() * 2000);
      agent = await death(plant, agent, random);
      inside.say(`${death.name} ${time} of ${times}, ${belt.passages.length} parts`);
    }
  }
  await readyIs(true, startMs, agent);
  await sleep(1500);
  await belt.stop();
  const status = await plant.finish(agent);
  inside.say(keeper.log.trim());
  return [equals('exit status of the last agent', status ?? 'none', 0), ...(await judge(inside, plant, belt, times))];
}

async function judge(inside: Inside, plant: Plant, belt: Belt, times: number): Promise<readonly Check[]> {
  const seen = witnessed();
  const stories = await storiesOf(plant.state, seen, belt.passages);
  const whats = Object.groupBy(stories, ({ what }) => what);
  inside.say(JSON.stringify(Object.fromEntries(Object.entries(whats).map(([what, all]) => [what, all?.length]))));
  const undecided = stories.filter(({ what }) => what !== 'pass' && what !== 'reject' && what !== 'review');
  return [
    equals('events that the kernel had no room for', seen.forgotten, 0),
    equals('triggers that the kernel saw', stories.length, belt.passages.length),
    atLeast('parts that it left undecided', undecided.length, times),
    atLeast('passes that stayed in', whats['pass']?.length ?? 0, times),
    ...sorted(stories, inside.say),
    strayPulses(seen, stories),
    ...(await wholeLedger(plant.state)),
  ];
}
