import type { ErrorCode } from '../../../agent/core/errors.ts';

/** A model to run over pictures, as the engine's thread gets it. */
export interface EngineJob {
  readonly model: Uint8Array;
  readonly output: string;
  readonly pictures: readonly { readonly pixels: Uint8Array; readonly shape: readonly number[] }[];
}

/** Its answers come in the order of the jobs. */
export type EngineAnswer =
  | { readonly ok: true; readonly outputs: Float32Array[] }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };
