import { fileURLToPath } from 'node:url';
import { siblingEntry } from '../../core/entry.ts';
import type { Manifest } from '../../core/recipe.ts';
import type { ModelCommand } from './model-process.ts';

/** Runs `modelFile` with onnxruntime on one core of this computer's processor. */
export function onnxCommand(manifest: Manifest, modelFile: string): ModelCommand {
  const { sha256, input, output } = manifest.model;
  return {
    program: process.execPath,
    arguments: [
      fileURLToPath(siblingEntry(import.meta.url, './onnx-child.ts')),
      modelFile,
      sha256,
      input.name,
      output.name,
    ],
    environment: { ORT_DISABLE_TELEMETRY: '1' },
  };
}
