import { ScriptedClassifier } from '../adapters/classifier/scripted.ts';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import { FaultyClassifier } from '../adapters/simulator/faults/classifier.ts';
import { FaultDirector } from '../adapters/simulator/faults/director.ts';
import { flatRecipe, flatScores } from '../adapters/simulator/flat-parts.ts';
import type { AlarmInput } from '../core/alarms/input.ts';
import { messageOf } from '../core/errors.ts';
import type { PreprocessSpec } from '../core/frame.ts';
import { Preprocessor } from '../core/preprocess/preprocess.ts';
import type { Manifest } from '../core/recipe.ts';
import { holdClassifier, holdLedger } from '../pipeline/hold.ts';
import type { Observation, Observe } from '../pipeline/observation.ts';
import { type MortalLedger, RestartableStation } from '../pipeline/restart.ts';
import { Station } from '../pipeline/station.ts';
import type { Classifier } from '../ports/classifier.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Line } from '../ports/line.ts';
import type { Pictures } from '../ports/pictures.ts';
import { wireClassifier } from './devices.ts';
import type { Simulation, WiredLine } from './line.ts';
import type { Upkeep } from './upkeep.ts';
import type { Wiring } from './wiring.ts';

/** What the station judges by. */
export interface Judging {
  readonly recipe: Pick<Manifest, 'labels' | 'decision'> & { readonly preprocess: PreprocessSpec };
  readonly recipeId: string;
}

/** In virtual time the scripted classifier takes as long as a held one. */
const scriptedLatencyMs = 5;

/** The recipe, or that of the plain pictures where a script takes the model's place. */
export function judgingOf({ options, recipe }: Wiring): Judging {
  if (options.rehearsal?.classifier === 'scripted') return { recipe: flatRecipe, recipeId: 'flat@1' };
  return { recipe: recipe.manifest, recipeId: recipe.id };
}

/** The classifier, perhaps scripted, held in virtual time, or faulty. */
export function wireJudge(wiring: Wiring, simulation: Simulation | undefined, take: Take): Classifier {
  const { clock, options, config } = wiring;
  const maxPending = config.classifier.maxPending;
  const scripted = options.rehearsal?.classifier === 'scripted';
  const real = scripted
    ? new ScriptedClassifier({ clock, latencyMs: scriptedLatencyMs, answer: flatScores, maxPending })
    : wireClassifier(wiring, take);
  const classifier = clock instanceof VirtualClock && !scripted ? holdClassifier(real, clock) : real;
  const dice = simulation?.dice;
  if (simulation === undefined || dice === undefined) return classifier;
  return new FaultyClassifier({ classifier, dice, clock, slowNs: simulation.travelNs });
}

type Take = (input: AlarmInput) => void;

/** What a life of the agent is made of, beside what it is given. */
export interface LifeParts {
  readonly wiring: Wiring;
  readonly wired: WiredLine;
  readonly upkeep: Upkeep;
  readonly judging: Judging;
  readonly classifier: Classifier;
  readonly pictures: Pictures;
}

/** The station of one life. */
export function makeStation(parts: LifeParts, line: Line, ledger: MortalLedger, observe: Observe): Station {
  const { wiring, wired, upkeep, judging, classifier, pictures } = parts;
  const { config, clock } = wiring;
  const { simulation, camera } = wired;
  return new Station({
    line,
    camera,
    classifier,
    ledger: heldLedger(ledger, parts),
    pictures,
    clock,
    toTensor: warmPreprocessor(judging.recipe.preprocess),
    recipe: judging.recipe,
    recipeId: judging.recipeId,
    keepPictures: config.pictures.keep,
    maxInspections: config.classifier.maxPending,
    ...(wired.gateSensor && { gateSensor: wired.gateSensor }),
    ...(simulation && { frameWindowNs: simulation.frameWindowNs }),
    observe: (observation) => {
      judge(simulation, observation);
      upkeep.observe(observation);
      observe(observation);
    },
  });
}

/** A ledger on its own clock lets virtual time run ahead of the disk, but not far. */
function heldLedger(ledger: Ledger, { wiring, upkeep }: LifeParts): Ledger {
  const { clock } = wiring;
  return clock instanceof VirtualClock && !upkeep.records.onStationClock ? holdLedger(ledger, clock) : ledger;
}

function judge(simulation: Simulation | undefined, observation: Observation): void {
  if (observation.kind === 'recorded' || observation.kind === 'known') simulation?.judge.recorded(observation.record);
  if (observation.kind === 'finding') simulation?.judge.noticed(observation.finding);
}

/** An agent that can die, on a line where things go wrong. */
export function makeRestartable(parts: LifeParts, simulation: Simulation): RestartableStation {
  const { wiring, upkeep } = parts;
  const { options, clock } = wiring;
  const { dice, line } = simulation;
  const restartable = new RestartableStation({
    line,
    make: (lines) => {
      const ledger = upkeep.records.life();
      return { station: makeStation(parts, lines.line, ledger, lines.observe), ledger };
    },
    observe: (observation) => {
      options.observe(observation);
      if (observation.kind === 'line' && observation.event.kind === 'trigger') director?.part();
    },
  });
  const notReborn = (error: unknown): void =>
    options.note({ level: 'error', event: 'agent-not-restarted', message: messageOf(error) });
  const targets = {
    stallLedger: (ms: number) => upkeep.records.stall(ms),
    fillDisk: (ms: number) => upkeep.records.fillDisk(ms),
    stepClock: (ms: number) => (clock instanceof VirtualClock ? clock.stepWall(ms) : undefined),
    killAgent: (downMs: number) => {
      if (!restartable.kill()) return;
      options.note({ level: 'warn', event: 'agent-killed', downMs });
      clock.at(clock.nowNs() + downMs * 1e6, () => void restartable.start().catch(notReborn));
    },
  };
  const director = dice === undefined ? undefined : new FaultDirector(dice, clock, targets);
  return restartable;
}

/** Its first run costs up to 20 ms while the engine optimises; that should not be the first part's. */
function warmPreprocessor(spec: PreprocessSpec): Preprocessor {
  const preprocessor = Preprocessor.create(spec);
  const size = { widthPx: 64, heightPx: 64, strideBytes: 192 };
  const when = { sensorNs: 0, clock: 'monotonic', sequence: 0 } as const;
  preprocessor.run({ data: new Uint8Array(64 * 192), format: 'rgb', ...size, ...when });
  return preprocessor;
}
