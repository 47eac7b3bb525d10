import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PictureSize } from '../../tools/quantize/lower/lower.ts';
import { residualModel } from '../../tools/quantize/testing/test-model.ts';

/** A whole file that is damaged in many ways. */
export interface SeedFile {
  readonly name: string;
  readonly file: Uint8Array;
  readonly size: PictureSize;
}

const folder = path.join(import.meta.dirname, '../fixtures/onnx');
const SIZE = { heightPx: 16, widthPx: 16, channels: 3 };

/** What PyTorch and Keras exported (test/fixtures/onnx), and a network of our own tests. */
export function seedFiles(): readonly [SeedFile, ...SeedFile[]] {
  const exported = globSync('*.onnx', { cwd: folder }).sort();
  return [
    { name: 'residual', file: residualModel(), size: SIZE },
    ...exported.map((name) => ({ name, file: readFileSync(path.join(folder, name)), size: SIZE })),
  ];
}
