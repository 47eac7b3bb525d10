import { fileURLToPath } from 'node:url';
import { siblingEntry } from '../../core/entry.ts';
import type { Manifest } from '../../core/recipe.ts';
import type { ModelCommand } from './model-process.ts';

/** What can run a model: `onnx` for model.onnx, `tfjs-node` for a TensorFlow SavedModel or tfjs graph model. */
export type EngineName = 'onnx' | 'tfjs-node';

/** Weights and activations on pages of 2 MB where the kernel has them: 4 % less time an inference (docs/benchmark.md). */
const LARGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' } as const;

/** The command that starts a process which runs `modelFile` on one core of this computer's processor. */
export function modelCommand(engine: EngineName, manifest: Manifest, modelFile: string): ModelCommand {
  const { sha256, input, output } = manifest.model;
  const entry = engine === 'onnx' ? './onnx-child.ts' : './tfjs-child.ts';
  return {
    program: process.execPath,
    arguments: [fileURLToPath(siblingEntry(import.meta.url, entry)), modelFile, sha256, input.name, output.name],
    environment: { ORT_DISABLE_TELEMETRY: '1', ...LARGE_PAGES },
  };
}
