import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { shapeOf } from '../../../../tools/quantize/ir/graph.ts';
import { elementsOf } from '../../../../tools/quantize/tflite/model.ts';
import { mobileNetV2 } from '../../mobilenet.ts';
import { type Check, check, notRun } from '../../report.ts';
import { rounded } from '../../stats.ts';
import type { Group, Loaded } from '../bench.ts';
import { type Cost, runCommand } from '../command.ts';
import { CALIBRATION_PICTURES, SUBJECT_NAMES } from '../subjects.ts';
import { madeUpPictures } from './fusion.ts';

const RUNS = 5;
const LARGE = { sidePx: 224, labels: 8 } as const;

/** Time and memory of `linegate quantize`, bundle, report and all: processes of their own, one after the other. */
export const tool: Group = {
  ids: ['tool-seconds', 'tool-memory', 'tool-seconds-224'],

  async run(bench) {
    const folder = mkdtempSync(path.join(bench.folder, 'tool-'));
    try {
      const { loaded, lacking } = await bench.loadAll(SUBJECT_NAMES);
      const small = new Map<string, Costs>();
      for (const one of loaded) small.set(one.subject.name, await costOf(one, path.join(folder, one.subject.name)));
      return [...smallChecks(small, lacking), await largeCheck(path.join(folder, 'large'))];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** Of several runs. */
interface Costs extends Cost {
  readonly allSeconds: readonly number[];
}

/** The least time and the largest memory of some runs, on as many pictures as every tool gets. */
async function costOf({ subject, pictures, ours }: Loaded, folder: string): Promise<Costs> {
  const images = await asFiles(
    pictures.calibration.map(({ pixels }) => pixels),
    subject.size,
    path.join(folder, 'pictures'),
  );
  const scores = elementsOf(shapeOf(ours.graph, ours.graph.output));
  const costs: Cost[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    costs.push(await runCommand({ ...subject, scores, images }, path.join(folder, String(run))));
  }
  return {
    // What else the computer does only adds to it.
    seconds: rounded(Math.min(...costs.map(({ seconds }) => seconds)), 2),
    allSeconds: costs.map(({ seconds }) => rounded(seconds, 2)),
    peakMb: rounded(Math.max(...costs.map(({ peakMb }) => peakMb)), 1),
  };
}

async function asFiles(
  pictures: readonly Uint8Array[],
  { heightPx, widthPx, channels }: Loaded['subject']['size'],
  folder: string,
): Promise<{ readonly file: string }[]> {
  mkdirSync(folder, { recursive: true });
  const raw = { width: widthPx, height: heightPx, channels: channels === 3 ? 3 : 1 } as const;
  const written = pictures.map(async (pixels, i) => {
    const file = path.join(folder, `${i}.png`);
    await sharp(pixels, { raw }).png().toFile(file);
    return { file };
  });
  return Promise.all(written);
}

function smallChecks(costs: ReadonlyMap<string, Costs>, lacking: readonly string[]): Check[] {
  const what = ['seconds of linegate quantize', 'MB that linegate quantize held at most'] as const;
  if (costs.size === 0) {
    return [notRun('tool-seconds', what[0], lacking.join(' ')), notRun('tool-memory', what[1], lacking.join(' '))];
  }
  const all = [...costs.values()];
  const details = { models: Object.fromEntries(costs), pictures: CALIBRATION_PICTURES, lacking };
  return [
    check({
      id: 'tool-seconds',
      what: `${what[0]}, both files, least of ${RUNS}, slowest model`,
      value: Math.max(...all.map(({ seconds }) => seconds)),
      limit: 3,
      details,
    }),
    check({
      id: 'tool-memory',
      what: `${what[1]}, largest model`,
      value: Math.max(...all.map(({ peakMb }) => peakMb)),
      limit: 300,
    }),
  ];
}

async function largeCheck(folder: string): Promise<Check> {
  const { sidePx, labels } = LARGE;
  const size = { heightPx: sidePx, widthPx: sidePx, channels: 3 };
  const made = madeUpPictures(sidePx, CALIBRATION_PICTURES);
  const images = await asFiles(made, size, path.join(folder, 'pictures'));
  const file = path.join(folder, 'mobilenet.onnx');
  writeFileSync(file, mobileNetV2(1, sidePx, labels));
  const cost = await runCommand({ name: 'mobilenet', file, size, scores: labels, images }, path.join(folder, 'run'));
  return check({
    id: 'tool-seconds-224',
    what: `seconds for MobileNetV2 α 1 at ${sidePx} px with ${CALIBRATION_PICTURES} pictures`,
    value: rounded(cost.seconds, 1),
    limit: 60,
    details: { peakMb: rounded(cost.peakMb, 1) },
  });
}
