import path from 'node:path';
import { FolderCamera } from './adapters/camera/folder.ts';
import { NodeLibcameraCamera } from './adapters/camera/node-libcamera.ts';
import { modelCommand } from './adapters/classifier/commands.ts';
import { ProcessClassifier } from './adapters/classifier/process.ts';
import { SystemClock } from './adapters/clock/system.ts';
import { VirtualClock } from './adapters/clock/virtual.ts';
import { NoGate } from './adapters/gate/none.ts';
import { OnoffGate } from './adapters/gate/onoff.ts';
import { FileJournal } from './adapters/journal/file.ts';
import { readBootId } from './adapters/ledger/boot-id.ts';
import { SqliteLedger } from './adapters/ledger/sqlite.ts';
import { SoftwareLine } from './adapters/line/software.ts';
import { FolderPictures } from './adapters/pictures/folder.ts';
import { NoPictures } from './adapters/pictures/none.ts';
import { Belt } from './adapters/simulator/belt.ts';
import { SimulatedCamera } from './adapters/simulator/camera.ts';
import { conveyorAt } from './adapters/simulator/conveyor.ts';
import { DeskCamera } from './adapters/simulator/desk-camera.ts';
import { Judge } from './adapters/simulator/judge.ts';
import { SimulatedLine } from './adapters/simulator/line.ts';
import { folderLots, ringLots } from './adapters/simulator/lots.ts';
import { PictureSource } from './adapters/simulator/picture-source.ts';
import { IntervalTrigger } from './adapters/trigger/interval.ts';
import { MqttTrigger, type MqttTriggerState } from './adapters/trigger/mqtt.ts';
import { OnoffTrigger } from './adapters/trigger/onoff.ts';
import { loadCalibration } from './config/calibration.ts';
import { loadGolden, type Recipe } from './config/recipe.ts';
import { makeStateFolder } from './config/state-folder.ts';
import type { SimulatorConfig, SoftwareLineConfig, StationConfig } from './config/station.ts';
import { LinegateError } from './core/errors.ts';
import type { Frame, PreprocessSpec } from './core/frame.ts';
import { Preprocessor } from './core/preprocess/preprocess.ts';
import { holdCamera, holdClassifier, holdLedger } from './pipeline/hold.ts';
import { Lifecycle } from './pipeline/lifecycle.ts';
import type { Observe } from './pipeline/observation.ts';
import { Station, type StationParts } from './pipeline/station.ts';
import type { Camera } from './ports/camera.ts';
import type { Classifier } from './ports/classifier.ts';
import type { Clock } from './ports/clock.ts';
import type { Gate } from './ports/gate.ts';
import type { Journal } from './ports/journal.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Line } from './ports/line.ts';
import type { Pictures } from './ports/pictures.ts';
import type { TriggerSource } from './ports/trigger.ts';
import { openRecipe, recipePlaces } from './recipes/find.ts';

/** Something to tell a log: fields, not a sentence. */
export interface Note {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly event: string;
  readonly [field: string]: unknown;
}

/** How a station is run, beside its configuration. */
export interface StationOptions {
  /** Where relative paths of the configuration start; the working folder when left out. */
  readonly baseFolder?: string;
  readonly observe: Observe;
  readonly note: (note: Note) => void;
  /** Simulated lines only: time jumps, and runs repeat exactly. */
  readonly virtualTime?: boolean;
  /** Simulated lines only: a folder for the picture of every part, by its true label. */
  readonly savePictures?: string;
}

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

interface WiredLine {
  readonly line: Line;
  readonly journal: Journal;
  readonly camera: Camera;
  /** Where a simulation saves what its camera sees. */
  readonly saved: Pictures;
  readonly finished: Promise<void>;
  readonly endOfBatch: () => Promise<void>;
  readonly simulation: { readonly judge: Judge; readonly travelNs: number } | undefined;
}

interface Wiring {
  readonly config: StationConfig;
  readonly options: StationOptions;
  readonly clock: Clock;
  readonly recipe: Recipe;
  /** A path of the configuration, made absolute. */
  readonly at: (relative: string) => string;
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

function wireSimulator(wiring: Wiring, line: SimulatorConfig): WiredLine {
  const { clock, recipe, at } = wiring;
  const { labels } = recipe.manifest;
  const { seed, defectRate, images, partsPerSecond } = line;
  const lots =
    images === undefined ? ringLots(labels, seed, defectRate) : folderLots(at(images), labels, seed, defectRate);
  const source = new PictureSource(lots);
  const belt = new Belt();
  const judge = new Judge();
  const conveyor = conveyorAt(partsPerSecond);
  const journal = wireJournal(wiring);
  const parts = line.parts === 0 ? Number.POSITIVE_INFINITY : line.parts;
  const simulated = new SimulatedLine({ clock, conveyor, source, belt, judge, journal, seed, parts });
  const saved = wireSaved(wiring);
  return {
    line: simulated,
    journal,
    camera: new SimulatedCamera(belt, source, (part, label, frame) =>
      save(wiring, saved, `${label}/${part}.png`, frame),
    ),
    saved,
    finished: simulated.finished,
    endOfBatch: () => simulated.endOfBatch(),
    simulation: { judge, travelNs: conveyor.travelNs },
  };
}

function wireSaved({ options, at }: Wiring): Pictures {
  const { savePictures } = options;
  if (savePictures === undefined) return new NoPictures();
  const folder = at(savePictures);
  return new FolderPictures({ folder, maxMegabytes: 1e6, maxPending: 256, onFault: warn(options, 'pictures') });
}

/** Real time does not wait for the disk; virtual time stands still for it. */
function save({ options, clock }: Wiring, saved: Pictures, name: string, frame: Frame): void {
  if (options.savePictures === undefined) return;
  const keeping = saved.keep(name, frame);
  if (clock instanceof VirtualClock) void clock.hold(keeping);
  void keeping.then((kept) => {
    if (!kept) warn(options, 'pictures')(`The picture ${name} is not saved: the disk is too slow for this line.`);
  });
}

function wireSoftware(wiring: Wiring, config: SoftwareLineConfig): WiredLine {
  const { clock, at } = wiring;
  const calibration = loadCalibration(at(config.calibration));
  const separationMs = (calibration.widthNs + calibration.recoveryNs) / 1e6;
  const camera = wireCamera(wiring, separationMs);
  const trigger = camera instanceof FolderCamera ? camera : wireTrigger(wiring, config.trigger);
  const gate = wireGate(wiring, config.gate);
  const journal = wireJournal(wiring);
  const line = new SoftwareLine({ clock, trigger, gate, journal, calibration });
  return {
    line,
    journal,
    camera,
    saved: new NoPictures(),
    finished: line.finished,
    endOfBatch: () => line.endOfBatch(),
    simulation: undefined,
  };
}

function wireCamera({ config, options, clock, recipe, at }: Wiring, separationMs: number): Camera {
  const { camera } = config;
  const onFault = warn(options, 'camera');
  switch (camera.kind) {
    case 'folder': {
      const { existing, afterwards } = camera;
      return new FolderCamera({
        folder: at(camera.path),
        existing,
        afterwards,
        spacingMs: separationMs,
        clock,
        onFault,
      });
    }
    case 'node-libcamera':
      return new NodeLibcameraCamera({
        widthPx: camera.widthPx,
        heightPx: camera.heightPx,
        clock,
        scratchFolder: at(config.stateFolder),
      });
    case 'simulator':
      return new DeskCamera(new PictureSource(ringLots(recipe.manifest.labels, 1, 0.2)));
  }
}

function wireTrigger({ options, clock }: Wiring, trigger: SoftwareLineConfig['trigger']): TriggerSource {
  const onFault = warn(options, 'trigger');
  switch (trigger.kind) {
    case 'interval':
      return new IntervalTrigger(clock, trigger.everyMs);
    case 'mqtt': {
      const { url, topic } = trigger;
      const onState = ({ kind, ...rest }: MqttTriggerState): void =>
        options.note({ level: kind === 'connected' ? 'info' : 'warn', event: 'trigger', state: kind, ...rest });
      return new MqttTrigger({ clock, url, topic, onState, onIgnored: onFault });
    }
    case 'onoff':
      return new OnoffTrigger({ clock, gpio: trigger.gpio, onFault });
    case 'camera':
      throw new LinegateError('bad-config', 'line.trigger.kind is "camera" and goes with camera.kind "folder" only.');
  }
}

function wireGate({ options }: Wiring, gate: SoftwareLineConfig['gate']): Gate {
  if (gate.kind === 'none') return new NoGate();
  return new OnoffGate({ gpio: gate.gpio, activeLevel: gate.activeLevel, onFault: warn(options, 'gate') });
}

function wireJournal({ config, options, at }: Wiring): Journal {
  const file = path.join(at(config.stateFolder), 'line.journal');
  return new FileJournal({ path: file, bootId: readBootId(), onFault: warn(options, 'journal') });
}

function warn(options: StationOptions, event: string): (message: string) => void {
  return (message) => options.note({ level: 'warn', event, message });
}

function wireClassifier({ config, options, recipe }: Wiring): Classifier {
  const { engine, hangMs, maxPending } = config.classifier;
  return new ProcessClassifier({
    command: modelCommand(engine, recipe.manifest, recipe.modelFile),
    manifest: recipe.manifest,
    golden: loadGolden(recipe),
    clock: new SystemClock(),
    hangMs,
    maxPending,
    onState: (state) => options.note({ level: state.kind === 'up' ? 'info' : 'warn', event: 'classifier', ...state }),
    onLine: (line) => options.note({ level: 'debug', event: 'classifier-says', line }),
  });
}

function wireLedger({ config, options, at }: Wiring): Ledger {
  return new SqliteLedger(path.join(at(config.stateFolder), ledgerFile), {
    clock: new SystemClock(),
    bootId: readBootId(),
    flushMs: config.ledger.flushMs,
    onState: (state) => options.note({ level: state.state === 'ok' ? 'info' : 'error', event: 'ledger', ...state }),
  });
}

function wirePictures({ config, options, at }: Wiring): Pictures {
  const { keep, maxMegabytes } = config.pictures;
  if (keep === 'none') return new NoPictures();
  return new FolderPictures({
    folder: path.join(at(config.stateFolder), 'pictures'),
    maxMegabytes,
    onFault: warn(options, 'pictures'),
  });
}
