import path from 'node:path';
import { SystemClock } from './adapters/clock/system.ts';
import { VirtualClock } from './adapters/clock/virtual.ts';
import type { Judge } from './adapters/simulator/judge.ts';
import { makeStateFolder } from './config/state-folder.ts';
import type { StationConfig } from './config/station.ts';
import type { AlarmInput } from './core/alarms/input.ts';
import { allStarted, Lifecycle } from './pipeline/lifecycle.ts';
import { noLineToResume } from './pipeline/resume.ts';
import type { Clock } from './ports/clock.ts';
import type { ResumeOrder } from './ports/status.ts';
import { openRecipe, recipePlaces } from './recipes/find.ts';
import { judgingOf, type LifeParts, makeRestartable, makeStation, wireJudge } from './wiring/agent.ts';
import { wirePictures } from './wiring/devices.ts';
import { type WiredLine, wireReal } from './wiring/line.ts';
import { wireSimulator } from './wiring/simulator.ts';
import { Upkeep } from './wiring/upkeep.ts';
import { type StationOptions, type Wiring, within } from './wiring/wiring.ts';

export { ledgerFile } from './wiring/records.ts';
export { wireWatchdog } from './wiring/watchdog.ts';
export type { Note, Rehearsal, StationOptions } from './wiring/wiring.ts';

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
  return assemble(wiring);
}

function wireLine(wiring: Wiring, take: (input: AlarmInput) => void): WiredLine {
  const { line } = wiring.config;
  return line.kind === 'simulator' ? wireSimulator(wiring, line) : wireReal(wiring, line, take);
}

function assemble(wiring: Wiring): RunningStation {
  const { config, options, clock } = wiring;
  const judging = judgingOf(wiring);
  const pictures = wirePictures(wiring);
  const upkeep: Upkeep = new Upkeep(wiring, judging.recipeId, pictures, {
    stopLine: () => void wired.endOfBatch(),
    resume: (order) => resumeNoted(order),
  });
  const wired = wireLine(wiring, (input) => upkeep.take(input));
  const classifier = wireJudge(wiring, wired.simulation, (input) => upkeep.take(input));
  const parts: LifeParts = { wiring, wired, upkeep, judging, classifier, pictures };
  const lifecycle = new Lifecycle();
  const agent = options.rehearsal === undefined ? plainAgent(parts, lifecycle) : mortalAgent(parts, lifecycle);
  const resumeNoted = (order: ResumeOrder): Promise<string> => {
    options.note({ level: 'warn', event: 'line-resumed', ...order });
    return agent.resume(order);
  };
  return {
    recipeId: judging.recipeId,
    clock,
    simulation: wired.simulation,
    async start() {
      // Side by side: a camera waits for its first frame and a ledger for its disk while a model is loaded.
      const records = agent.openRecords();
      const devices = [classifier, wired.camera, pictures, wired.saved].map((device) =>
        lifecycle.open(
          () => device.start(),
          () => device.stop(),
        ),
      );
      await allStarted([records, ...devices]);
      await agent.start();
      await lifecycle.open(
        () => upkeep.start(),
        () => upkeep.stop(),
      );
      options.note({ level: 'info', event: 'started', station: config.station, recipe: judging.recipeId });
    },
    runToEnd: () => runUntil(clock, wired.finished),
    async finishBatch() {
      await wired.endOfBatch();
      await within(emptyBeltTimeoutMs, runUntil(clock, wired.finished));
    },
    stop: () => runUntil(clock, lifecycle.close()),
  };
}

interface Agent {
  openRecords(): Promise<void>;
  start(): Promise<void>;
  resume(order: ResumeOrder): Promise<string>;
}

/** One life. */
function plainAgent(parts: LifeParts, lifecycle: Lifecycle): Agent {
  const { wiring, wired, upkeep } = parts;
  const { options } = wiring;
  const ledger = upkeep.records.life();
  const station = makeStation(parts, wired.line, ledger, options.observe);
  let opening = { firstPart: 1, lastSeq: 0 };
  return {
    async openRecords() {
      const opened = await lifecycle.open(
        () => ledger.open(),
        () => ledger.close(closeTimeoutMs),
      );
      options.note({ level: 'info', event: 'ledger-opened', ...opened });
      opening = opened;
    },
    start: () =>
      lifecycle.open(
        () => station.start(opening),
        async () => {
          // A disk that refuses rows must not keep the station from stopping: closing the ledger then says what is lost.
          await within(unsavedTimeoutMs, station.stop());
          wired.journal.close();
        },
      ),
    resume: (order) => station.resume(order),
  };
}

/** As many lives as the faults take, over one line. */
function mortalAgent(parts: LifeParts, lifecycle: Lifecycle): Agent {
  const { simulation, journal } = parts.wired;
  const restartable = simulation && makeRestartable(parts, simulation);
  return {
    openRecords: async () => {},
    async start() {
      if (restartable === undefined) return;
      await lifecycle.open(
        () => restartable.start(),
        async () => {
          await restartable.stop();
          journal.close();
        },
      );
    },
    async resume(order) {
      if (restartable === undefined) throw noLineToResume();
      return await restartable.resume(order);
    },
  };
}

/** Waits for `work`; time that is virtual runs on until then. */
async function runUntil(clock: Clock, work: Promise<void>): Promise<void> {
  if (!(clock instanceof VirtualClock)) return work;
  let done = false;
  const settled = (): void => {
    done = true;
  };
  work.then(settled, settled);
  await clock.run(() => done);
  await work;
}
