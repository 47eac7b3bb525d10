import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { TfliteModel } from '../../tools/quantize/tflite/model.ts';
import { readTflite } from '../../tools/quantize/tflite/read.ts';
import type { networks } from './networks.ts';
import type { TflmRun } from './tflm.ts';

const folder = path.join(import.meta.dirname, '../golden/tflm');
const goldenSchema = z.strictObject({ arenaBytes: z.int(), outputs: z.array(z.array(z.int())) });

/** A stored network (scores and logits out) and what TensorFlow Lite Micro made of `randomInputs`. */
export function goldenNetwork(name: keyof typeof networks): { readonly model: TfliteModel; readonly run: TflmRun } {
  const model = readTflite(readFileSync(path.join(folder, `${name}.tflite`)));
  const { arenaBytes, outputs } = goldenSchema.parse(
    JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')),
  );
  const halves = outputs.map((row) => [
    Int8Array.from(row.slice(0, row.length / 2)),
    Int8Array.from(row.slice(row.length / 2)),
  ]);
  return { model, run: { arenaBytes, outputs: halves } };
}
