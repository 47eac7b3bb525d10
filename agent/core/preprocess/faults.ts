import { LinegateError } from '../errors.ts';
import type { Frame, PreprocessSpec, Region } from '../frame.ts';

/** PREPROCESS_MAX_SIDE_PX and PREPROCESS_MAX_STRIDE_BYTES of the C header. */
const MAX_SIDE_PX = 4096;
const MAX_STRIDE_BYTES = 32_768;

/** @throws LinegateError 'bad-recipe' unless the tensor's sides are 1..4096 px and the region lies inside the frame */
export function checkSpec(spec: PreprocessSpec): void {
  const { widthPx, heightPx, region } = spec;
  if (!isSide(widthPx) || !isSide(heightPx)) {
    throw new LinegateError(
      'bad-recipe',
      `The recipe's preprocess is ${widthPx} x ${heightPx} px; give each side as a whole number from 1 to ${MAX_SIDE_PX}.`,
    );
  }
  if (isInside(region.x, region.width) && isInside(region.y, region.height)) return;
  throw new LinegateError(
    'bad-recipe',
    `The recipe's region is ${describe(region)}; give fractions so that it is not empty and lies inside the frame.`,
  );
}

/** @throws LinegateError 'bad-image' unless sides and stride are numbers that the C code takes */
export function checkGeometry(frame: Frame): void {
  const { widthPx, heightPx, strideBytes } = frame;
  if (!isSide(widthPx) || !isSide(heightPx)) {
    throw new LinegateError(
      'bad-image',
      `The frame is ${widthPx} x ${heightPx} px; each side must be a whole number from 1 to ${MAX_SIDE_PX}.`,
    );
  }
  if (Number.isInteger(strideBytes) && strideBytes >= 1 && strideBytes <= MAX_STRIDE_BYTES) return;
  throw new LinegateError(
    'bad-image',
    `The frame's stride is ${strideBytes} bytes; it must be a whole number from 1 to ${MAX_STRIDE_BYTES}.`,
  );
}

/** The sentence for a stride shorter than a row. */
export function shortStride(frame: Frame, rowBytes: number): LinegateError {
  return new LinegateError(
    'bad-image',
    `The frame's stride is ${frame.strideBytes} bytes; a row of ${frame.widthPx} px in ${frame.format} needs ${rowBytes}.`,
  );
}

/** The sentence for a frame with bytes missing at its end. */
export function shortData(frame: Frame, frameBytes: number): LinegateError {
  const { data, format, widthPx, heightPx, strideBytes } = frame;
  return new LinegateError(
    'bad-image',
    `The frame holds ${data.byteLength} bytes; ${widthPx} x ${heightPx} px in ${format} with a stride of ` +
      `${strideBytes} bytes needs ${frameBytes}.`,
  );
}

/** Fractions typed by hand add up with a rounding error, which is no reason to refuse them. */
function isInside(start: number, length: number): boolean {
  return start >= 0 && length > 0 && start + length <= 1.000001;
}

function isSide(px: number): boolean {
  return Number.isInteger(px) && px >= 1 && px <= MAX_SIDE_PX;
}

function describe(region: Region): string {
  return `x ${region.x}, y ${region.y}, width ${region.width}, height ${region.height}`;
}
