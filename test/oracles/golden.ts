// Writes test/golden/tflm anew with TensorFlow Lite Micro's interpreter: node test/oracles/golden.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeTflite } from '../../tools/quantize/tflite/write.ts';
import { networks, randomInputs, tfliteNetwork } from './networks.ts';
import { runTflm } from './tflm.ts';

const PICTURES = 100;
const folder = path.join(import.meta.dirname, '../golden/tflm');

mkdirSync(folder, { recursive: true });
for (const name of Object.keys(networks) as (keyof typeof networks)[]) {
  const model = await tfliteNetwork(name);
  const { outputs, arenaBytes } = runTflm(model, randomInputs(PICTURES));
  writeFileSync(path.join(folder, `${name}.tflite`), writeTflite(model));
  const rows = outputs.map(([scores, logits]) => [...(scores ?? []), ...(logits ?? [])]);
  const text = `{"arenaBytes":${arenaBytes},"outputs":[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`;
  writeFileSync(path.join(folder, `${name}.json`), text);
}
