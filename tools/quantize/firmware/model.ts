import type { Manifest } from '../../../agent/core/recipe.ts';
import type { TfliteModel } from '../tflite/model.ts';

/** What a recipe says that the firmware must know as well. */
export type FirmwareRecipe = Pick<Manifest, 'name' | 'version' | 'labels' | 'preprocess' | 'decision'>;

/** An input with the very scores that TensorFlow Lite Micro must give for it, as stored (score = (stored + 128) / 256). */
export interface FirmwareVector {
  readonly pixels: Uint8Array;
  readonly scores: Int8Array;
}

/** All that the generated C++ holds. */
export interface FirmwareModel {
  readonly recipe: FirmwareRecipe;
  readonly model: TfliteModel;
  readonly bytes: Uint8Array;
  /** Of `bytes`, hexadecimal. */
  readonly sha256: string;
  readonly arenaBytes: { readonly reference: number; readonly espNnS3: number };
  readonly golden: readonly FirmwareVector[];
}
