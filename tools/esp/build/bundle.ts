import { access, copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { LinegateError } from '../../../agent/core/errors.ts';

const FILES = ['model.h', 'model.cc', 'golden.cc', 'resolver.h'] as const;
const ESP_FOLDER = 'esp';

/**
 * Puts the generated model of a bundle into `folder`, in place of the one that is there. `bundle` is a folder that
 * `linegate quantize --esp` wrote, or its folder esp. Throws LinegateError 'bad-argument'; then nothing is changed.
 */
export async function putModel(bundle: string, folder: string): Promise<void> {
  const from = await generatedIn(bundle);
  for (const name of FILES) await rm(path.join(folder, name), { force: true });
  await mkdir(folder, { recursive: true });
  for (const name of FILES) await copyFile(path.join(from, name), path.join(folder, name));
}

async function generatedIn(bundle: string): Promise<string> {
  for (const folder of [path.join(bundle, ESP_FOLDER), bundle]) {
    if (await holdsAll(folder)) return folder;
  }
  const files = FILES.join(', ');
  throw new LinegateError(
    'bad-argument',
    `${bundle} holds no model for the firmware (${files} in its folder ${ESP_FOLDER}): make it with "linegate quantize MODEL --esp".`,
  );
}

async function holdsAll(folder: string): Promise<boolean> {
  const there = await Promise.allSettled(FILES.map((name) => access(path.join(folder, name))));
  return there.every(({ status }) => status === 'fulfilled');
}
