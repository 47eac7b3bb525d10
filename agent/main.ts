import path from 'node:path';
import { SystemClock } from './adapters/clock/system.ts';
import { VirtualClock } from './adapters/clock/virtual.ts';
import { readBootId } from './adapters/ledger/boot-id.ts';
import { SqliteLedger } from './adapters/ledger/sqlite.ts';
import type { Judge } from './adapters/simulator/judge.ts';
import { makeStateFolder } from './config/state-folder.ts';
import type { StationConfig } from './config/station.ts';
import type { PreprocessSpec } from './core/frame.ts';
import { Preprocessor } from './core/preprocess/preprocess.ts';
import { holdCamera, holdClassifier, holdLedger } from './pipeline/hold.ts';
import { Lifecycle } from './pipeline/lifecycle.ts';
import { Station, type StationParts } from './pipeline/station.ts';
import type { Clock } from './ports/clock.ts';
import type { Ledger } from './ports/ledger.ts';
import { openRecipe, recipePlaces } from './recipes/find.ts';
import { wireClassifier, wirePictures } from './wiring/devices.ts';
import { type WiredLine, wireSoftware } from './wiring/line.ts';
import { wireSimulator } from './wiring/simulator.ts';
import type { StationOptions, Wiring } from './wiring/wiring.ts';

export type { Note, StationOptions } from './wiring/wiring.ts';

/** A station that is wired and can be started once. */
export interface RunningStation {
  readonly recipeId: string;
  readonly clock: Clock;
  /** Only where the line is simulated. */
  readonly simulation: { readonly judge: Judge; readonly travelNs: number } | undefined;
  start(): Promise<void>;
  /** Settles when the last part has left a line that has an end. */
  runToEnd(): Promise<void>;
  /** Takes no more parts and waits, for a bounded time, until the belt is empty. */
  finishBatch(): Promise<void>;
  /** Stops everything, in order; what can be recorded is durable afterwards. May be called at any time, and again. */
  stop(): Promise<void>;
}

/** The ledger's name inside a state folder. */
export const ledgerFile = 'ledger.sqlite';

const closeTimeoutMs = 10_000;
const unsavedTimeoutMs = 5_000;
const emptyBeltTimeoutMs = 5_000;

/** Wires a station. Throws a LinegateError for a recipe or calibration that cannot be used; opens no device yet. */
export function createStation(config: StationConfig, options: StationOptions): RunningStation {
  const base = path.resolve(options.baseFolder ?? '.');
  const clock = options.virtualTime === true ? new VirtualClock() : new SystemClock();
  const at = (relative: string): string => path.resolve(base, relative);
  const recipe = openRecipe(config.recipe, recipePlaces(at(config.stateFolder), base));
  const wiring: Wiring = { config, options, clock, recipe, at };
  makeStateFolder(at(config.stateFolder));
  const wired =
    config.line.kind === 'simulator' ? wireSimulator(wiring, config.line) : wireSoftware(wiring, config.line);
  return assemble(wiring, wired);
}

function assemble(wiring: Wiring, wired: WiredLine): RunningStation {
  const { config, options, clock, recipe } = wiring;
  const parts = wireParts(wiring, wired);
  const { ledger, pictures, classifier, camera } = parts;
  const station = new Station(parts);
  const lifecycle = new Lifecycle();
  return {
    recipeId: recipe.id,
    clock,
    simulation: wired.simulation,
    async start() {
      const opening = await lifecycle.open(
        () => ledger.open(),
        () => ledger.close(closeTimeoutMs),
      );
      options.note({ level: 'info', event: 'ledger-opened', ...opening });
      await lifecycle.open(
        () => pictures.start(),
        () => pictures.stop(),
      );
      await lifecycle.open(
        () => wired.saved.start(),
        () => wired.saved.stop(),
      );
      await lifecycle.open(
        () => classifier.start(),
        () => classifier.stop(),
      );
      await lifecycle.open(
        () => camera.start(),
        () => camera.stop(),
      );
      await lifecycle.open(
        () => station.start(opening),
        async () => {
          // A disk that refuses rows must not keep the station from stopping: closing the ledger then says what is lost.
          await within(unsavedTimeoutMs, station.stop());
          wired.journal.close();
        },
      );
      options.note({ level: 'info', event: 'started', station: config.station, recipe: recipe.id });
    },
    runToEnd: () => runToEnd(clock, wired.finished),
    async finishBatch() {
      await wired.endOfBatch();
      await within(emptyBeltTimeoutMs, runToEnd(clock, wired.finished));
    },
    stop: () => lifecycle.close(),
  };
}

function wireParts(wiring: Wiring, wired: WiredLine): StationParts {
  const { config, options, clock, recipe } = wiring;
  const real = { camera: wired.camera, classifier: wireClassifier(wiring), ledger: wireLedger(wiring) };
  return {
    ...(clock instanceof VirtualClock ? held(real, clock) : real),
    line: wired.line,
    pictures: wirePictures(wiring),
    clock,
    toTensor: warmPreprocessor(recipe.manifest.preprocess),
    recipe: recipe.manifest,
    recipeId: recipe.id,
    keepPictures: config.pictures.keep,
    maxInspections: config.classifier.maxPending,
    observe: (observation) => {
      if (observation.kind === 'recorded') wired.simulation?.judge.recorded(observation.record);
      options.observe(observation);
    },
  };
}

/** Its first run costs up to 20 ms while the engine optimises; that should not be the first part's. */
function warmPreprocessor(spec: PreprocessSpec): Preprocessor {
  const preprocessor = Preprocessor.create(spec);
  const size = { widthPx: 64, heightPx: 64, strideBytes: 192 };
  const when = { sensorNs: 0, clock: 'monotonic', sequence: 0 } as const;
  preprocessor.run({ data: new Uint8Array(64 * 192), format: 'rgb', ...size, ...when });
  return preprocessor;
}

function held(real: Pick<StationParts, 'camera' | 'classifier' | 'ledger'>, clock: VirtualClock): typeof real {
  return {
    camera: holdCamera(real.camera, clock),
    classifier: holdClassifier(real.classifier, clock),
    ledger: holdLedger(real.ledger, clock),
  };
}

async function runToEnd(clock: Clock, finished: Promise<void>): Promise<void> {
  if (!(clock instanceof VirtualClock)) return finished;
  let done = false;
  void finished.then(() => {
    done = true;
  });
  await clock.run(() => done);
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}

function wireLedger({ config, options, at }: Wiring): Ledger {
  return new SqliteLedger(path.join(at(config.stateFolder), ledgerFile), {
    clock: new SystemClock(),
    bootId: readBootId(),
    flushMs: config.ledger.flushMs,
    onState: (state) => options.note({ level: state.state === 'ok' ? 'info' : 'error', event: 'ledger', ...state }),
  });
}
