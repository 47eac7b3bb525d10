import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LinegateError, messageOf } from '../../core/errors.ts';
import { type Golden, goldenSchema, type Manifest } from '../../core/recipe.ts';
import { type GoldenVectors, tensorBytes } from './self-test.ts';

const MAX_GOLDEN_BYTES = 1_000_000;

/** Reads the golden vectors of the recipe in `folder`. Rejects with LinegateError 'bad-recipe' that names the file at fault. */
export async function readGolden(folder: string, manifest: Manifest): Promise<GoldenVectors> {
  const file = join(folder, manifest.golden.file);
  const bytes = await readBounded(file, MAX_GOLDEN_BYTES);
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== manifest.golden.sha256) {
    throw bad(file, `has the digest ${digest} and the manifest says ${manifest.golden.sha256}`);
  }
  const golden = parse(file, bytes);
  const vectors = await Promise.all(golden.vectors.map((vector) => readVector(dirname(file), manifest, vector)));
  return { tolerance: golden.tolerance, vectors };
}

function parse(file: string, bytes: Buffer): Golden {
  try {
    return goldenSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw bad(file, 'does not hold golden vectors', cause);
  }
}

async function readVector(
  folder: string,
  manifest: Manifest,
  { tensor, label, scores }: Golden['vectors'][number],
): Promise<GoldenVectors['vectors'][number]> {
  const file = join(folder, tensor);
  const wantedBytes = tensorBytes(manifest);
  const bytes = await readBounded(file, wantedBytes);
  if (bytes.length !== wantedBytes) throw bad(file, `has ${bytes.length} bytes where a tensor has ${wantedBytes}`);
  if (scores.length !== manifest.labels.length) {
    throw bad(file, `comes with ${scores.length} scores where the recipe has ${manifest.labels.length} labels`);
  }
  return { label, scores, tensor: bytes };
}

async function readBounded(file: string, maxBytes: number): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > maxBytes) throw bad(file, `has ${size} bytes, more than the ${maxBytes} expected`);
    return await readFile(file);
  } catch (cause) {
    throw cause instanceof LinegateError ? cause : bad(file, `cannot be read (${messageOf(cause)})`, cause);
  }
}

function bad(file: string, what: string, cause?: unknown): LinegateError {
  return new LinegateError('bad-recipe', `The golden file ${file} ${what}: restore the recipe.`, { cause });
}
