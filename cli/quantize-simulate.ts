import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LinegateError } from '../agent/core/errors.ts';
import type { Manifest } from '../agent/core/recipe.ts';
import { readBundle, type SimulatedPart, simulateImages } from '../tools/quantize/sim/simulate-images.ts';
import { table } from './recipe-text.ts';

/** What `linegate quantize simulate` was asked for. */
export interface SimulateBundleOptions {
  readonly bundle: string;
  readonly images: string;
  /** The folder that a CSV names files in. */
  readonly root: string | undefined;
  readonly json: boolean;
}

/** Prints the verdicts that the ESP32 will give to pictures. */
export async function simulateBundle({ bundle, images, root, json }: SimulateBundleOptions): Promise<void> {
  const read = await readBundle(bundle);
  await checkDigest(bundle, read.manifest);
  const parts: SimulatedPart[] = [];
  for await (const part of simulateImages(read, { path: images, root })) {
    parts.push(part);
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${parts.length} pictures`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const { name, version } = read.manifest;
  const verdicts = { pass: 0, review: 0, reject: 0 };
  for (const { decision } of parts) verdicts[decision.verdict] += 1;
  const pictures = parts.map(({ file, label, scores, decision }) => {
    return { file, label, verdict: decision.verdict, decidedBy: decision.label, score: decision.score, scores };
  });
  if (json) {
    process.stdout.write(`${JSON.stringify({ recipe: `${name}@${version}`, pictures, verdicts }, null, 2)}\n`);
    return;
  }
  const rows = pictures.map(({ file, label, verdict, decidedBy, score }) => {
    return [verdict, decidedBy, score.toFixed(3), label, path.relative('.', file)];
  });
  process.stdout.write(table([['verdict', 'by', 'score', 'label', 'picture'], ...rows]));
  const { pass, review, reject } = verdicts;
  process.stdout.write(`${parts.length} pictures: ${pass} pass, ${review} review, ${reject} reject\n`);
}

/** Of another model than the bundle's nothing would be true to the last bit. */
async function checkDigest(bundle: string, { tflite }: Manifest): Promise<void> {
  if (tflite === undefined) return;
  const file = path.join(bundle, tflite.file);
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (sha256 === tflite.sha256) return;
  throw new LinegateError('bad-model', `${file} is not the model that manifest.json names; quantise the model again.`);
}
