import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { LabelledImage } from '../../../tools/quantize/images/list.ts';
import { nodeEnvironment, nodeFlags } from '../../support/node-flags.ts';
import { commandProgram } from './places.ts';

/** What a run of `linegate quantize` cost. */
export interface Cost {
  /** From the start of the process to its end. */
  readonly seconds: number;
  readonly peakMb: number;
}

/** A model and pictures for the command. */
export interface Order {
  readonly name: string;
  readonly file: string;
  readonly size: { readonly heightPx: number; readonly widthPx: number; readonly channels: number };
  /** How many scores the model gives. */
  readonly scores: number;
  readonly images: readonly Pick<LabelledImage, 'file'>[];
}

const preload = fileURLToPath(new URL('./peak.ts', import.meta.url));

/** Runs `linegate quantize` as a person would, into `folder`: a whole bundle, both files. Throws RangeError with its last words. */
export async function runCommand(order: Order, folder: string): Promise<Cost> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [config, list] = [path.join(folder, 'config.json'), path.join(folder, 'pictures.csv')];
  writeFileSync(config, JSON.stringify(configOf(order)));
  writeFileSync(list, ['file,class', ...order.images.map(({ file }) => `${file},l0`)].join('\n'));
  const out = path.join(folder, 'bundle');
  const words = ['quantize', order.file, '--recipe-config', config, '--calibrate', list, '--images', '/', '--out', out];
  const start = performance.now();
  // As the command's first line starts it.
  const child = spawn(process.execPath, [...nodeFlags(), '--import', preload, commandProgram, ...words, '--json'], {
    env: { ...process.env, ...nodeEnvironment() },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [errors, peak] = await Promise.all([child.stderr, child.stdio[3]].map((stream) => textOf(stream)));
  const seconds = (performance.now() - start) / 1000;
  const missing = ['model.onnx', 'model.tflite'].find((name) => !existsSync(path.join(out, name)));
  if (missing !== undefined) {
    throw new RangeError(`linegate quantize made no ${missing} of ${order.name}: ${errors?.trim().split('\n').at(-1)}`);
  }
  return { seconds, peakMb: Number(peak) / 1e6 };
}

async function textOf(stream: unknown): Promise<string> {
  let text = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}

function configOf({ name, size, scores }: Order) {
  const names = Array.from({ length: scores }, (_, i) => `l${i}`);
  const thresholds = Object.fromEntries(names.slice(1).map((label) => [label, { review: 1, reject: 1 }]));
  return {
    ...{ name, version: 1, description: 'For the benchmark only.', figures: {} },
    labels: names.map((label, i) => ({ name: label, kind: i === 0 ? 'ok' : 'defect' })),
    preprocess: {
      colour: size.channels === 3 ? 'rgb' : 'grey',
      widthPx: size.widthPx,
      heightPx: size.heightPx,
      region: { x: 0, y: 0, width: 1, height: 1 },
    },
    data: { source: 'none', licence: 'none', split: 'none' },
    decision: { minimumOk: 0, thresholds },
  };
}
