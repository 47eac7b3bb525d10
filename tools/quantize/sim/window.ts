import { LinegateError } from '../../../agent/core/errors.ts';
import { PADDING } from '../tflite/builtins.ts';

/** How a window moves along one side of a picture. */
interface Steps {
  readonly side: number;
  readonly places: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Pixels of padding in front of the first. */
  readonly before: number;
}

/** A longer window or step is a broken file. */
const MOST_PIXELS = 8192;

/** TFLite's steps of a window along a side. Throws LinegateError 'bad-model' for what cannot be one. */
export function stepsOf(
  padding: number,
  [side, places]: readonly [number, number],
  kernel: number,
  stride: number,
  dilation = 1,
): Steps {
  if ([kernel, stride, dilation].some((pixels) => pixels < 1 || pixels > MOST_PIXELS)) {
    throw new LinegateError('bad-model', `A window of ${kernel} pixels in steps of ${stride} is not possible.`);
  }
  const expected = padding === PADDING.same ? side : side - (kernel - 1) * dilation;
  if (places !== Math.ceil(expected / stride)) {
    throw new LinegateError(
      'bad-model',
      `A window of ${kernel} in steps of ${stride} has not ${places} places in ${side}.`,
    );
  }
  const missing = Math.max(0, (places - 1) * stride + (kernel - 1) * dilation + 1 - side);
  const before = padding === PADDING.same ? Math.floor(missing / 2) : 0;
  return { side, places, kernel, stride, dilation, before };
}

/**
 * For every place of a window, row by row, its taps that lie inside the picture: pairs of the tap's number in the kernel and
 * the pixel's number in the picture, both row by row.
 */
export function tapsOfPlaces(rows: Steps, columns: Steps): readonly Int32Array[] {
  const columnTaps = tapsOfSide(columns);
  return tapsOfSide(rows).flatMap((inRows) =>
    columnTaps.map((inColumns) =>
      Int32Array.from(
        inRows.flatMap(([ky, y]) => inColumns.flatMap(([kx, x]) => [ky * columns.kernel + kx, y * columns.side + x])),
      ),
    ),
  );
}

/** For every place along a side, its [tap, pixel] inside the picture. */
function tapsOfSide({ side, places, kernel, stride, dilation, before }: Steps): [number, number][][] {
  return Array.from({ length: places }, (_, place) =>
    Array.from({ length: kernel }, (__, tap): [number, number] => [
      tap,
      place * stride - before + tap * dilation,
    ]).filter(([, pixel]) => pixel >= 0 && pixel < side),
  );
}
