import { parseFaults } from '../agent/adapters/simulator/faults/plan.ts';
import { checkDocument } from '../agent/config/read.ts';
import { type StationConfig, stationSchema } from '../agent/config/station.ts';
import { DurationHistogram } from '../agent/core/histogram.ts';
import { createStation, type Rehearsal, type RunningStation } from '../agent/main.ts';
import type { Observation } from '../agent/pipeline/observation.ts';
import { PlainView } from './live/plain.ts';
import { LiveView } from './live/view.ts';
import { fileLog, type Log } from './log.ts';
import { onceStopped } from './signals.ts';
import { summaryText } from './summary.ts';
import { version } from './version.ts';

/** What `linegate simulate` was asked for. */
export interface SimulateOptions {
  readonly parts: number | undefined;
  readonly speed: number;
  readonly seed: number;
  readonly recipe: string;
  readonly images: string | undefined;
  readonly defectRate: number;
  readonly state: string;
  readonly save: string | undefined;
  readonly keep: 'all' | 'rejects' | 'none';
  readonly virtualTime: boolean;
  readonly faults: string;
  readonly classifier: 'model' | 'scripted' | undefined;
  readonly ledger: 'sqlite' | 'memory' | undefined;
  readonly uplink: string | undefined;
  readonly json: boolean;
}

/** Something that shows how the line runs. */
export interface View {
  observe(observation: Observation): void;
  start(station: RunningStation): void;
  stop(): void;
}

/** Runs the simulated line to its end and prints how the station did. */
export async function simulate(options: SimulateOptions): Promise<void> {
  const inTerminal = process.stdout.isTTY === true && !options.json;
  const config = configOf(options, inTerminal);
  const latency = new DurationHistogram();
  const log = fileLog(config.stateFolder);
  const view = inTerminal ? new LiveView(process.stdout, latency) : new PlainView(process.stderr, config);
  const rehearsal = rehearsalOf(options);
  const station = createStation(config, {
    software: version(),
    ...(rehearsal === undefined ? {} : { rehearsal }),
    virtualTime: options.virtualTime,
    ...(options.save === undefined ? {} : { savePictures: options.save }),
    note: (note) => log.note(note),
    observe: (observation) => {
      if (observation.kind === 'verdict') latency.add(observation.latencyNs);
      log.observe(observation);
      view.observe(observation);
    },
  });
  const startedMs = performance.now();
  await runToTheEnd(station, view, log);
  if (options.virtualTime) sayCost(startedMs);
  print(station, latency, config, options.json);
}

/** What goes wrong, and with what; undefined for a simulation of the station as it is. */
function rehearsalOf({ faults, classifier, ledger, seed, virtualTime }: SimulateOptions): Rehearsal | undefined {
  const rates = parseFaults(faults);
  const faulty = Object.keys(rates).length > 0;
  const light = faulty && virtualTime;
  const chosen = {
    classifier: classifier ?? (light ? 'scripted' : 'model'),
    ledger: ledger ?? (light ? 'memory' : 'sqlite'),
  };
  if (!faulty && chosen.classifier === 'model' && chosen.ledger === 'sqlite') return undefined;
  return { faults: rates, seed, ...chosen };
}

function configOf(options: SimulateOptions, inTerminal: boolean): StationConfig {
  const { recipe, state, speed, defectRate, seed, images, keep, uplink } = options;
  const endless = inTerminal && !options.virtualTime;
  const line = {
    kind: 'simulator',
    partsPerSecond: speed,
    defectRate,
    seed,
    parts: options.parts ?? (endless ? 0 : 300),
  };
  const document = {
    schemaVersion: 1,
    station: 'simulated',
    recipe,
    stateFolder: state,
    line: images === undefined ? line : { ...line, images },
    camera: { kind: 'simulator' },
    pictures: { keep },
    ...(uplink === undefined ? {} : { uplink: { kind: 'mqtt', url: uplink } }),
  };
  return checkDocument(document, 'The simulation', stationSchema, 'bad-argument');
}

async function runToTheEnd(station: RunningStation, view: View, log: Log): Promise<void> {
  const stopped = onceStopped();
  try {
    await station.start();
    view.start(station);
    await Promise.race([station.runToEnd(), stopped.signal]);
    if (stopped.happened()) await station.finishBatch();
  } finally {
    stopped.forget();
    await station.stop().finally(() => {
      view.stop();
      log.close();
    });
  }
}

/** Not part of the document: the same seed gives the same document. */
function sayCost(startedMs: number): void {
  const seconds = (performance.now() - startedMs) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  process.stderr.write(`took ${seconds.toFixed(1)} s and at most ${megabytes.toFixed(0)} MB\n`);
}

function print(station: RunningStation, latency: DurationHistogram, config: StationConfig, json: boolean): void {
  const summary = {
    schemaVersion: 1,
    recipe: station.recipeId,
    seed: config.line.kind === 'simulator' ? config.line.seed : null,
    ...station.simulation?.judge.summary(),
    latencyMs: { p50: quantileMs(latency, 0.5), p99: quantileMs(latency, 0.99) },
  };
  process.stdout.write(json ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary));
}

function quantileMs(latency: DurationHistogram, q: number): number | null {
  const ns = latency.quantile(q);
  return ns === null ? null : Math.round(ns / 1e4) / 100;
}
