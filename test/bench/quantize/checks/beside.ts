import { readFileSync } from 'node:fs';
import { openSession, pictureTensor } from '../../../../tools/quantize/calibrate/session.ts';
import { shapeOf } from '../../../../tools/quantize/ir/graph.ts';
import { interleavedLatency } from '../../../../tools/quantize/report/latency.ts';
import { type Check, check, notRun } from '../../report.ts';
import { rounded } from '../../stats.ts';
import type { Bench, Group, Loaded } from '../bench.ts';
import { floatInput } from '../float-model.ts';
import { type OurQuality, ourQuality } from '../our-quality.ts';
import { type PeerFigures, type PeerRun, runPeers, storedPeers } from '../peer-figures.ts';
import { peersPython } from '../peer-tools.ts';
import { SUBJECT_NAMES } from '../subjects.ts';

const EFFORT = { runs: 400, ms: 8000 };

const IDS = ['accuracy-drop', 'sqnr-onnx', 'sqnr-tflite', 'size-onnx', 'size-tflite'] as const;
/** The file that sizes and latencies of onnxruntime's tool are taken from. */
const PER_CHANNEL = 'u8 min-max per channel';

/** What nodes and shapes take at least: no file is smaller than its numbers and a graph (docs/adr/0013). */
const GRAPH_SHARE = 0.02;

/** A subject by our tool and by the others. */
interface Row {
  readonly model: string;
  readonly ours: OurQuality;
  readonly peers: readonly PeerFigures[];
  /** Where the others ran now. */
  readonly runs?: readonly PeerRun[];
  /** Ours over that of quantize_static with unsigned activations, least times in turns, and medians. */
  readonly latencyRatio?: number;
  readonly byMedians?: number;
}

/** Accuracy, noise and size beside other tools on the same models and pictures. */
export const beside: Group = {
  ids: [...IDS, 'latency-onnx'],

  async run(bench) {
    const { loaded, lacking } = await bench.loadAll(SUBJECT_NAMES);
    const found = bench.withPeers ? peersPython() : undefined;
    if (found && 'lacking' in found) return this.ids.map((id) => notRun(id, 'beside other tools', found.lacking));
    const rows: Row[] = [];
    for (const one of loaded) rows.push(await rowOf(one, bench, found?.python));
    if (rows.length === 0) return this.ids.map((id) => notRun(id, 'beside other tools', lacking.join(' ')));
    return [dropCheck(rows, lacking), ...noiseChecks(rows), ...sizeChecks(rows), ...latencyChecks(rows)];
  },
};

async function rowOf(loaded: Loaded, bench: Bench, python: string | undefined): Promise<Row> {
  const model = loaded.subject.name;
  process.stderr.write(`judging ${model}\n`);
  const ours = await ourQuality(loaded);
  if (python === undefined) return { model, ours, peers: storedPeers()?.models[model] ?? [] };
  const runs = await runPeers(loaded, python, bench.folder);
  const peer = runs.find(({ figures }) => figures.setting === PER_CHANNEL);
  return {
    ...{ model, ours, runs },
    peers: runs.map(({ figures }) => figures),
    ...(peer && (await latencyRatios(loaded, peer.made.file))),
  };
}

/** To the logits, as the other's file has no Softmax. Each takes what it was made for: ours uint8 pixels, the other's floats. */
async function latencyRatios({ subject, pictures, ours }: Loaded, file: string) {
  const pixels = pictures.evaluation[0]?.pixels ?? new Uint8Array();
  const { float: theirs, int8 } = await interleavedLatency(
    [await openSession(readFileSync(file)), floatInput(subject, pixels)],
    [await openSession(ours.onnxToLogits), pictureTensor(pixels, shapeOf(ours.graph, ours.graph.input))],
    EFFORT,
  );
  return { latencyRatio: rounded(int8.min / theirs.min), byMedians: rounded(int8.median / theirs.median) };
}

function dropCheck(rows: readonly Row[], lacking: readonly string[]): Check {
  const drops = rows.flatMap(({ ours }) => [ours.onnx.dropPoints ?? [], ours.tflite.dropPoints ?? []].flat());
  if (drops.length === 0) return notRun('accuracy-drop', 'points of accuracy lost', lacking.join(' '));
  return check({
    id: 'accuracy-drop',
    what: 'points of accuracy lost, worst file of the models whose pictures have labels',
    value: Math.max(...drops),
    limit: 0.3,
    details: {
      models: Object.fromEntries(rows.map(({ model, ours }) => [model, ours])),
      unlabelled: rows.filter(({ ours }) => ours.onnx.dropPoints === undefined).map(({ model }) => model),
      lacking,
    },
  });
}

function noiseChecks(rows: readonly Row[]): Check[] {
  return (['onnx', 'tflite'] as const).map((kind) => {
    const margins = rows.flatMap(({ model, ours, peers }) => {
      const best = peers.reduce<PeerFigures | undefined>((a, b) => (a && a.sqnrDb >= b.sqnrDb ? a : b), undefined);
      if (best === undefined) return [];
      const [ourDb, bestDb] = [ours[kind].sqnrDb, best.sqnrDb];
      return [{ model, ourDb, bestDb, by: `${best.tool}, ${best.setting}`, marginDb: rounded(ourDb - bestDb, 2) }];
    });
    const what = `dB of the logits above the best setting of the other tools, worst model, model.${kind}`;
    if (margins.length === 0) return notRun(`sqnr-${kind}`, what, 'There are no figures of other tools.');
    const value = Math.min(...margins.map(({ marginDb }) => marginDb));
    return check({ id: `sqnr-${kind}`, what, value, limit: 0, goal: 2, bound: 'least', details: { models: margins } });
  });
}

function sizeChecks(rows: readonly Row[]): Check[] {
  const onnx = sizesOf(rows, 'onnx', PER_CHANNEL);
  const inReach = onnx.filter(({ numbersAlone }) => numbersAlone < 0.9 - GRAPH_SHARE);
  return [
    sizeCheck('size-onnx', 'ONNX file over quantize_static’s per channel, worst model in reach', 0.9, inReach, {
      beyondReach: onnx.filter((one) => !inReach.includes(one)),
    }),
    sizeCheck(
      'size-tflite',
      'TFLite file over onnx2tf’s, worst model',
      1,
      sizesOf(rows, 'tflite', 'onnx2tf per-channel'),
    ),
  ];
}

interface Sizes {
  readonly model: string;
  readonly oursBytes: number;
  readonly theirsBytes: number;
  readonly ratio: number;
  /** The ratio of a file that held nothing but our numbers. */
  readonly numbersAlone: number;
}

function sizesOf(rows: readonly Row[], kind: 'onnx' | 'tflite', setting: string): Sizes[] {
  return rows.flatMap(({ model, ours, peers }) => {
    const theirs = peers.find((one) => one.setting === setting)?.sizeBytes;
    if (theirs === undefined) return [];
    const { sizeBytes } = ours[kind];
    const numbersAlone = rounded(ours.onnx.numbersBytes / theirs);
    return [{ model, oursBytes: sizeBytes, theirsBytes: theirs, ratio: rounded(sizeBytes / theirs), numbersAlone }];
  });
}

function sizeCheck(id: string, what: string, limit: number, models: readonly Sizes[], more: object = {}): Check {
  if (models.length === 0) return notRun(id, what, 'There are no figures of other tools.');
  const value = Math.max(...models.map(({ ratio }) => ratio));
  return check({ id, what, value, limit, details: { models, ...more } });
}

/** Time and memory of the other tools come along: they are figures of this machine, told and not judged. */
function latencyChecks(rows: readonly Row[]): Check[] {
  const timed = rows.filter(({ runs }) => runs !== undefined);
  if (timed.length === 0) return [];
  const models = timed.map(({ model, latencyRatio, byMedians, runs }) => ({
    ...{ model, latencyRatio, byMedians },
    tools: runs?.map(({ made: { setting, seconds, peakMb } }) => ({ setting, seconds, peakMb })),
  }));
  return [
    check({
      id: 'latency-onnx',
      what: 'latency over that of quantize_static’s file with unsigned activations, least times in turns, worst model',
      value: Math.max(...timed.map((row) => row.latencyRatio ?? Number.NaN)),
      limit: 1,
      details: { models },
    }),
  ];
}
