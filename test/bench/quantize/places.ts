import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const checkout = path.join(import.meta.dirname, '../../..');

/** Real pictures and MLPerf Tiny's float models; they are no part of the repository. */
export const dataFolder = process.env['LINEGATE_DATA'] ?? path.join(checkout, '../shared/data');

/** The float models behind the landed ones as tools/train left them, with the lists of their pictures. */
export const trainedFolder = process.env['LINEGATE_TRAINED'] ?? path.join(checkout, 'models/float');

export const recipesFolder = path.join(checkout, 'tools/quantize/recipes');

export const renderProgram = path.join(checkout, 'tools/render/render.ts');

export const commandProgram = path.join(checkout, 'cli/linegate.ts');

/** A sentence that says which of `files` is missing, or undefined where all are there. */
export function missingOf(files: readonly string[]): string | undefined {
  const missing = files.find((file) => !existsSync(file));
  return (
    missing && `${missing} is missing; LINEGATE_DATA and LINEGATE_TRAINED name the folders of pictures and models.`
  );
}
