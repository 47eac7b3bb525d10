import path from 'node:path';
import { modelCommand } from '../../agent/adapters/classifier/commands.ts';
import { ProcessClassifier } from '../../agent/adapters/classifier/process.ts';
import { SystemClock } from '../../agent/adapters/clock/system.ts';
import { NoGate } from '../../agent/adapters/gate/none.ts';
import { FileJournal } from '../../agent/adapters/journal/file.ts';
import { readBootId } from '../../agent/adapters/ledger/boot-id.ts';
import { SqliteLedger } from '../../agent/adapters/ledger/sqlite.ts';
import { SoftwareLine } from '../../agent/adapters/line/software.ts';
import { NoPictures } from '../../agent/adapters/pictures/none.ts';
import { loadGolden, loadRecipe, type Recipe } from '../../agent/config/recipe.ts';
import { makeStateFolder } from '../../agent/config/state-folder.ts';
import type { Frame } from '../../agent/core/frame.ts';
import { Preprocessor } from '../../agent/core/preprocess/preprocess.ts';
import type { Manifest } from '../../agent/core/recipe.ts';
import type { TrackerCalibration } from '../../agent/core/track/calibration.ts';
import type { Observation } from '../../agent/pipeline/observation.ts';
import { Station } from '../../agent/pipeline/station.ts';
import type { Camera } from '../../agent/ports/camera.ts';
import type { Ledger, NewRow } from '../../agent/ports/ledger.ts';
import type { TriggerSource } from '../../agent/ports/trigger.ts';
import type { Paced } from './messages.ts';
import { nowNs } from './serve.ts';

const NS_PER_MS = 1e6;
const PATIENCE_MS = 10_000;

/** How far the gate is and how close parts may come, ms; `dense` is for thousands of parts a second. */
export const PRESETS = {
  usual: { delayMs: 100, deadMs: 0.5 },
  dense: { delayMs: 40, deadMs: 0.16 },
} as const;

/** What makes a part pass, and what a reject. */
interface Decisions {
  readonly pass: Manifest['decision'];
  readonly reject: Manifest['decision'];
}

/** The trigger and the camera of the bench: a part comes when it is told to, and its frame is there already. */
class BenchInputs implements TriggerSource, Camera {
  fire: (atNs: number) => void = () => undefined;
  frame: Frame | undefined;
  #sequence = 0;

  async start(fire?: (atNs: number) => void): Promise<void> {
    if (fire !== undefined) this.fire = fire;
  }

  async capture(_part: number, triggerNs: number): ReturnType<Camera['capture']> {
    if (this.frame === undefined) return { kind: 'no-frame', reason: 'the bench has given none' };
    this.#sequence += 1;
    return { kind: 'frame', frame: { ...this.frame, sensorNs: triggerNs, sequence: this.#sequence } };
  }

  async stop(): Promise<void> {}
}

/** A whole station as main.ts wires it, around a trigger and a frame of the bench's own, with what it did in ns. */
export class BenchStation {
  readonly #inputs = new BenchInputs();
  readonly #rule: { readonly labels: Manifest['labels']; decision: Manifest['decision'] };
  readonly #decisions: Decisions;
  readonly #classifier: ProcessClassifier;
  readonly #ledger: SqliteLedger;
  readonly #journal: FileJournal;
  readonly #station: Station;
  readonly #firedNs = new Map<number, number>();
  #verdictNs: number[] = [];
  #durableNs: { pass: number[]; reject: number[] } = { pass: [], reject: [] };
  #ignored = false;
  #undurable = 0;
  #changed: () => void = () => undefined;

  constructor(recipeFolder: string, stateFolder: string, { delayMs, deadMs }: { delayMs: number; deadMs: number }) {
    const recipe = loadRecipe(recipeFolder);
    const clock = new SystemClock();
    const { manifest } = recipe;
    makeStateFolder(stateFolder);
    this.#decisions = decisionsOf(recipe);
    this.#rule = { labels: manifest.labels, decision: this.#decisions.pass };
    this.#classifier = new ProcessClassifier({
      command: modelCommand('onnx', manifest, recipe.modelFile),
      manifest,
      golden: loadGolden(recipe),
      clock,
    });
    const bootId = readBootId();
    this.#ledger = new SqliteLedger(path.join(stateFolder, 'ledger.sqlite'), { clock, bootId });
    this.#journal = new FileJournal({ path: path.join(stateFolder, 'line.journal'), bootId });
    const line = new SoftwareLine({
      clock,
      trigger: this.#inputs,
      gate: new NoGate(),
      journal: this.#journal,
      calibration: calibration(delayMs * NS_PER_MS, deadMs * NS_PER_MS),
    });
    this.#station = new Station({
      line,
      camera: this.#inputs,
      classifier: this.#classifier,
      ledger: this.#timedLedger(),
      pictures: new NoPictures(),
      clock,
      toTensor: Preprocessor.create(manifest.preprocess),
      recipe: this.#rule,
      recipeId: recipe.id,
      keepPictures: 'none',
      maxInspections: 8,
      observe: (observation) => this.#observe(observation),
    });
  }

  async start(): Promise<void> {
    const opening = await this.#ledger.open();
    await this.#classifier.start();
    await this.#station.start(opening);
  }

  async stop(): Promise<void> {
    await this.#station.stop();
    this.#journal.close();
    await this.#classifier.stop();
    await this.#ledger.close(PATIENCE_MS);
  }

  /** Forgets what was measured; parts that come now have this frame. */
  begin(frame: Frame): void {
    this.#inputs.frame = frame;
    this.#verdictNs = [];
    this.#durableNs = { pass: [], reject: [] };
  }

  /** A part is at the camera; false when the line took it for a bounce of the one before. */
  trigger(reject = false): boolean {
    this.#rule.decision = reject ? this.#decisions.reject : this.#decisions.pass;
    this.#ignored = false;
    this.#inputs.fire(nowNs());
    return !this.#ignored;
  }

  /** The same, as soon as the line takes another part. */
  async triggerSoon(): Promise<void> {
    while (!this.trigger()) await new Promise(setImmediate);
  }

  /** Waits until at most `most` parts are without a verdict. */
  untilOpen(most: number): Promise<void> {
    return this.#until(() => this.#firedNs.size <= most);
  }

  /** What was measured since `begin`, once all of it is durable. */
  async result(triggers: number): Promise<Paced> {
    await this.#until(() => this.#station.openParts === 0 && this.#undurable === 0);
    this.#firedNs.clear();
    const { length } = this.#verdictNs;
    return { verdictNs: this.#verdictNs, durableNs: this.#durableNs, missing: triggers - length };
  }

  #until(met: () => boolean): Promise<void> {
    if (met()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The station of the bench stands still.')), PATIENCE_MS);
      this.#changed = () => {
        if (!met()) return;
        clearTimeout(timer);
        this.#changed = () => undefined;
        resolve();
      };
    });
  }

  #timedLedger(): Ledger {
    const ledger = this.#ledger;
    return {
      open: () => ledger.open(),
      append: async (row: NewRow) => {
        const startNs = nowNs();
        this.#undurable += 1;
        const seq = await ledger.append(row);
        if (row.kind === 'part') this.#durableNs[row.outcome === 'pass' ? 'pass' : 'reject'].push(nowNs() - startNs);
        this.#undurable -= 1;
        this.#changed();
        return seq;
      },
      close: (timeoutMs) => ledger.close(timeoutMs),
    };
  }

  #observe(observation: Observation): void {
    const atNs = nowNs();
    if (observation.kind === 'line') {
      const { event } = observation;
      if (event.kind === 'trigger') this.#firedNs.set(event.part, event.atNs);
      if (event.kind === 'trigger-ignored') this.#ignored = true;
      // A part that closed without a verdict is counted by its absence.
      if (event.kind === 'closed') this.#firedNs.delete(event.part);
    }
    if (observation.kind === 'verdict') {
      const firedNs = this.#firedNs.get(observation.part);
      if (firedNs !== undefined) this.#verdictNs.push(atNs - firedNs);
      this.#firedNs.delete(observation.part);
    }
    this.#changed();
  }
}

function decisionsOf({ manifest }: Recipe): Decisions {
  const defects = manifest.labels.filter(({ kind }) => kind === 'defect').map(({ name }) => name);
  const at = (border: number) => ({
    minimumOk: 0,
    thresholds: Object.fromEntries(defects.map((name) => [name, { review: border, reject: border }])),
  });
  // The scores of random weights say nothing: what a part is, the bench decides.
  return { pass: at(1), reject: at(0) };
}

function calibration(delayNs: number, triggerDeadNs: number): Omit<TrackerCalibration, 'firstPart'> {
  const short = { widthNs: 1e5, recoveryNs: 1e5, leadNs: NS_PER_MS, triggerDeadNs };
  const none = { confirm: 'none', confirmFromNs: 0, confirmToNs: 0 } as const;
  return { base: 'time', delayNs, ...short, failSafe: 'eject', tooClose: 'eject-neighbour', ...none };
}
