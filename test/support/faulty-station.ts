import { ScriptedClassifier } from '../../agent/adapters/classifier/scripted.ts';
import { VirtualClock } from '../../agent/adapters/clock/virtual.ts';
import { MemoryJournal } from '../../agent/adapters/journal/memory.ts';
import { FaultyStore } from '../../agent/adapters/ledger/faulty-store.ts';
import { GroupCommitLedger } from '../../agent/adapters/ledger/group-commit.ts';
import { MemoryLedgerFile, MemoryStore } from '../../agent/adapters/ledger/memory.ts';
import { NoPictures } from '../../agent/adapters/pictures/none.ts';
import { Belt } from '../../agent/adapters/simulator/belt.ts';
import { SimulatedCamera } from '../../agent/adapters/simulator/camera.ts';
import { type Conveyor, conveyorAt, gateSensorWindow } from '../../agent/adapters/simulator/conveyor.ts';
import { FaultyCamera } from '../../agent/adapters/simulator/faults/camera.ts';
import { FaultyClassifier } from '../../agent/adapters/simulator/faults/classifier.ts';
import { FaultDirector } from '../../agent/adapters/simulator/faults/director.ts';
import { FaultDice, type FaultRates } from '../../agent/adapters/simulator/faults/plan.ts';
import { FlatParts, flatRecipe, flatScores } from '../../agent/adapters/simulator/flat-parts.ts';
import { Judge, type Judgement } from '../../agent/adapters/simulator/judge.ts';
import { SimulatedLine } from '../../agent/adapters/simulator/line.ts';
import { Preprocessor } from '../../agent/core/preprocess/preprocess.ts';
import type { Observation } from '../../agent/pipeline/observation.ts';
import { type Life, type LifeLines, RestartableStation } from '../../agent/pipeline/restart.ts';
import { Station } from '../../agent/pipeline/station.ts';

export interface FaultyRun {
  readonly parts: number;
  readonly seed: number;
  readonly rates: FaultRates;
  readonly partsPerSecond?: number;
}

/** What a run with faults came to. */
export interface FaultyOutcome {
  readonly summary: Judgement;
  readonly ledger: MemoryLedgerFile;
  readonly kills: number;
  /** Sentences of what must not happen. */
  readonly broken: readonly string[];
}

const maxInspections = 16;

/** What outlives the agent. */
interface World {
  readonly clock: VirtualClock;
  readonly conveyor: Conveyor;
  readonly dice: FaultDice;
  readonly line: SimulatedLine;
  readonly camera: FaultyCamera;
  readonly judge: Judge;
  readonly file: MemoryLedgerFile;
  /** The disk of the agent that lives. */
  store: FaultyStore | undefined;
}

/** A whole station in virtual time, from the first part to the last, with faults, deaths and restarts. */
export async function runFaulty(options: FaultyRun): Promise<FaultyOutcome> {
  const world = makeWorld(options);
  const { clock, dice, judge, line, file } = world;
  const broken: string[] = [];
  let kills = 0;
  const station = new RestartableStation({
    line,
    make: (lines) => makeLife(world, lines),
    observe: (observation) => {
      watch(judge, broken, observation);
      if (observation.kind === 'line' && observation.event.kind === 'trigger') director.part();
    },
  });
  const director = new FaultDirector(dice, clock, {
    stallLedger: (ms) => world.store?.stall(ms),
    fillDisk: (ms) => world.store?.fullFor(ms),
    stepClock: (ms) => clock.stepWall(ms),
    killAgent: (downMs) => {
      if (!station.kill()) return;
      kills += 1;
      clock.at(clock.nowNs() + downMs * 1e6, () => void station.start());
    },
  });
  await station.start();
  let finished = false;
  void line.finished.then(() => {
    finished = true;
  });
  await clock.run(() => finished);
  const stopping = station.stop();
  await clock.run();
  await stopping;
  return { summary: judge.summary(), ledger: file, kills, broken };
}

function makeWorld({ parts, seed, rates, partsPerSecond = 10 }: FaultyRun): World {
  const clock = new VirtualClock();
  const conveyor = conveyorAt(partsPerSecond);
  const dice = new FaultDice(seed, rates);
  const belt = new Belt();
  const judge = new Judge();
  const source = new FlatParts(seed, 0.3);
  const journal = new MemoryJournal('boot');
  const line = new SimulatedLine({ clock, conveyor, source, belt, judge, journal, seed, parts, dice });
  const plain = new SimulatedCamera(belt, source);
  const camera = new FaultyCamera({ camera: plain, dice, clock, lateNs: conveyor.travelNs });
  return { clock, conveyor, dice, line, camera, judge, file: new MemoryLedgerFile(), store: undefined };
}

function makeLife(world: World, { line, observe }: LifeLines): Life {
  const { clock, conveyor, dice, camera, file } = world;
  const store = new FaultyStore(new MemoryStore(file), clock);
  world.store = store;
  const ledger = new GroupCommitLedger(store, { clock, bootId: 'boot' });
  const scripted = new ScriptedClassifier({ clock, latencyMs: 5, answer: flatScores, maxPending: maxInspections });
  void scripted.start();
  const station = new Station({
    line,
    camera,
    classifier: new FaultyClassifier({ classifier: scripted, dice, clock, slowNs: conveyor.travelNs }),
    ledger,
    pictures: new NoPictures(),
    clock,
    toTensor: Preprocessor.create(flatRecipe.preprocess),
    recipe: flatRecipe,
    recipeId: 'flat@1',
    keepPictures: 'none',
    maxInspections,
    frameWindowNs: conveyor.minSpacingNs / 4,
    gateSensor: gateSensorWindow(conveyor),
    observe,
  });
  return { station, ledger };
}

function watch(judge: Judge, broken: string[], observation: Observation): void {
  switch (observation.kind) {
    case 'recorded':
    case 'known':
      judge.recorded(observation.record);
      break;
    case 'finding':
      judge.noticed(observation.finding);
      break;
    case 'broken':
      broken.push(observation.message);
      break;
    default:
      break;
  }
}
