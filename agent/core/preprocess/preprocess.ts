import { LinegateError } from '../errors.ts';
import type { Frame, PixelFormat, PreprocessSpec } from '../frame.ts';
import { checkGeometry, checkSpec, shortData, shortStride } from './faults.ts';
import { type PixelRect, regionPixels } from './region.ts';
import { instantiatePreprocess, type PreprocessExports } from './wasm.ts';

/** `enum preprocess_format` and `enum preprocess_colour`. */
const FORMAT: Record<PixelFormat, number> = { rgb: 0, grey: 1, nv12: 2, yuyv: 3 };
const COLOUR: Record<PreprocessSpec['colour'], number> = { rgb: 0, grey: 1 };

/** `struct preprocess_job`: so many 32-bit words. */
const JOB_WORDS = 11;
const WASM_PAGE_BYTES = 65_536;
const ALIGNMENT_BYTES = 16;
/** Tensors kept for the next frames: as many as parts are usually inspected at once. */
const MOST_SPARE = 8;

/**
 * Makes the model's input of frames: uint8 NHWC [1, heightPx, widthPx, 3 or 1]. How it crops, resizes and converts is
 * told in agent/native/preprocess/preprocess.h, the C behind it. One instance serves any frames, one after the other.
 */
export class Preprocessor {
  readonly tensorBytes: number;
  readonly #spec: PreprocessSpec;
  readonly #wasm: PreprocessExports;
  /** Where the memory starts that the module itself does not use. */
  readonly #free: number;
  readonly #spare: Uint8Array[] = [];

  private constructor(spec: PreprocessSpec, wasm: PreprocessExports) {
    this.tensorBytes = spec.widthPx * spec.heightPx * (spec.colour === 'rgb' ? 3 : 1);
    this.#spec = spec;
    this.#wasm = wasm;
    this.#free = wasm.memory.buffer.byteLength;
  }

  /** @throws LinegateError 'bad-recipe' where the tensor or the region is impossible */
  static create(spec: PreprocessSpec): Preprocessor {
    checkSpec(spec);
    return new Preprocessor(spec, instantiatePreprocess());
  }

  /**
   * The tensor of a frame, an array of `tensorBytes` that nobody else holds. Takes frames of up to 4096 x 4096 px, odd
   * sizes too.
   * @throws LinegateError 'bad-image' where size, stride and data of the frame do not fit each other
   */
  run(frame: Frame): Uint8Array {
    checkGeometry(frame);
    const wasm = this.#wasm;
    const rect = regionPixels(this.#spec.region, frame.widthPx, frame.heightPx);
    this.#writeJob(frame, rect);
    const frameBytes = this.#checkedFrameBytes(frame);
    const workspaceBytes = wasm.workspace_bytes();
    const tensor = this.#free;
    const workspace = align(tensor + this.tensorBytes);
    const pixels = align(workspace + workspaceBytes);
    this.#reserve(pixels + frameBytes);
    copyRows(frame, rect, new Uint8Array(wasm.memory.buffer, pixels, frameBytes));
    const fault = wasm.run(pixels, frameBytes, workspace, workspaceBytes, tensor, this.tensorBytes);
    if (fault !== 0) throw new LinegateError('illegal-input', `Preprocess refused a checked frame: fault ${fault}.`);
    const taken = this.#spare.pop() ?? new Uint8Array(this.tensorBytes);
    taken.set(new Uint8Array(wasm.memory.buffer, tensor, this.tensorBytes));
    return taken;
  }

  /** Takes back a tensor that nobody reads any more: fresh memory for each frame costs a part a tenth of a millisecond. */
  release(tensor: Uint8Array): void {
    const ours = tensor.byteLength === this.tensorBytes && !this.#spare.includes(tensor);
    if (ours && this.#spare.length < MOST_SPARE) this.#spare.push(tensor);
  }

  #writeJob(frame: Frame, rect: PixelRect): void {
    const spec = this.#spec;
    new Uint32Array(this.#wasm.memory.buffer, this.#wasm.job(), JOB_WORDS).set([
      FORMAT[frame.format],
      frame.widthPx,
      frame.heightPx,
      frame.strideBytes,
      rect.xPx,
      rect.yPx,
      rect.widthPx,
      rect.heightPx,
      COLOUR[spec.colour],
      spec.widthPx,
      spec.heightPx,
    ]);
  }

  #checkedFrameBytes(frame: Frame): number {
    const rowBytes = this.#wasm.row_bytes();
    if (frame.strideBytes < rowBytes) throw shortStride(frame, rowBytes);
    const frameBytes = this.#wasm.frame_bytes();
    if (frame.data.byteLength < frameBytes) throw shortData(frame, frameBytes);
    return frameBytes;
  }

  #reserve(bytes: number): void {
    const missing = bytes - this.#wasm.memory.buffer.byteLength;
    if (missing > 0) this.#wasm.memory.grow(Math.ceil(missing / WASM_PAGE_BYTES));
  }
}

function align(offset: number): number {
  return Math.ceil(offset / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

/** Copies the rows that the region needs of each plane to the same offsets of the target. */
function copyRows(frame: Frame, rect: PixelRect, target: Uint8Array): void {
  const copy = (firstRow: number, endRow: number) => {
    const start = firstRow * frame.strideBytes;
    const end = Math.min(endRow * frame.strideBytes, target.byteLength);
    target.set(frame.data.subarray(start, end), start);
  };
  const bottom = rect.yPx + rect.heightPx;
  copy(rect.yPx, bottom);
  if (frame.format !== 'nv12') return;
  copy(frame.heightPx + Math.floor(rect.yPx / 2), frame.heightPx + Math.ceil(bottom / 2));
}
