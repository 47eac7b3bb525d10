import { ScriptedClassifier } from '../../agent/adapters/classifier/scripted.ts';
import { VirtualClock } from '../../agent/adapters/clock/virtual.ts';
import { MemoryJournal } from '../../agent/adapters/journal/memory.ts';
import { MemoryLedger, MemoryLedgerFile } from '../../agent/adapters/ledger/memory.ts';
import { MemoryPictures } from '../../agent/adapters/pictures/memory.ts';
import { Belt } from '../../agent/adapters/simulator/belt.ts';
import { SimulatedCamera } from '../../agent/adapters/simulator/camera.ts';
import { conveyorAt } from '../../agent/adapters/simulator/conveyor.ts';
import { FlatParts, flatRecipe, flatScores } from '../../agent/adapters/simulator/flat-parts.ts';
import { Judge } from '../../agent/adapters/simulator/judge.ts';
import { SimulatedLine } from '../../agent/adapters/simulator/line.ts';
import { Preprocessor } from '../../agent/core/preprocess/preprocess.ts';
import type { GateSensorWindow } from '../../agent/core/reconcile/reconcile.ts';
import type { Observation } from '../../agent/pipeline/observation.ts';
import { Station } from '../../agent/pipeline/station.ts';
import type { ClassifierFailure } from '../../agent/ports/classifier.ts';

export interface VirtualStationOptions {
  readonly parts: number;
  readonly partsPerSecond?: number;
  readonly seed?: number;
  readonly latencyMs?: number;
  readonly maxInspections?: number;
  /** What the process before this one left. */
  readonly journal?: MemoryJournal;
  readonly ledgerFile?: MemoryLedgerFile;
  readonly answer?: (tensor: Uint8Array) => readonly number[] | ClassifierFailure;
  /** Where a part must be seen at the gate; not compared when left out. */
  readonly gateSensor?: GateSensorWindow;
}

/** A whole station in virtual time: the real line simulator and pipeline around a scripted model, nothing on a disk. */
export function virtualStation(options: VirtualStationOptions) {
  const { parts, partsPerSecond = 10, seed = 1, latencyMs = 5, maxInspections = 8, answer = flatScores } = options;
  const clock = new VirtualClock();
  const judge = new Judge();
  const belt = new Belt();
  const source = new FlatParts(seed, 0.3);
  const ledger = new MemoryLedger({ clock, bootId: 'boot' }, options.ledgerFile ?? new MemoryLedgerFile());
  const pictures = new MemoryPictures();
  const journal = options.journal ?? new MemoryJournal('boot');
  const classifier = new ScriptedClassifier({ clock, latencyMs, answer, maxPending: maxInspections });
  const conveyor = conveyorAt(partsPerSecond);
  const line = new SimulatedLine({ clock, conveyor, source, belt, judge, journal, seed, parts });
  const observations: Observation[] = [];
  const station = new Station({
    line,
    camera: new SimulatedCamera(belt, source),
    classifier,
    ledger,
    pictures,
    clock,
    toTensor: Preprocessor.create(flatRecipe.preprocess),
    recipe: flatRecipe,
    recipeId: 'flat@1',
    keepPictures: 'rejects',
    maxInspections,
    ...(options.gateSensor && { gateSensor: options.gateSensor }),
    observe: (observation) => {
      observations.push(observation);
      if (observation.kind === 'recorded') judge.recorded(observation.record);
    },
  });
  return { clock, judge, classifier, ledger, pictures, line, station, observations };
}

/** Runs it from the first part to the last, then stops it. */
export async function runWhole(whole: ReturnType<typeof virtualStation>): Promise<void> {
  const { clock, classifier, ledger, line, station } = whole;
  const opening = await ledger.open();
  await classifier.start();
  await station.start(opening);
  let finished = false;
  void line.finished.then(() => {
    finished = true;
  });
  await clock.run(() => finished);
  const stopping = station.stop();
  await clock.run();
  await stopping;
  await ledger.close(1000);
}
