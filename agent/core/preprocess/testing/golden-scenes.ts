import type { PixelFormat } from '../../frame.ts';
import type { Scene } from './frames.ts';

export interface GoldenScene extends Scene {
  readonly name: string;
  /** What the file is there for. */
  readonly shows: string;
  /** `extreme`: every byte 0 or 255, where rounding and clamping show. */
  readonly pixels: 'noise' | 'extreme' | 'ramp' | 'white';
}

type Sizes = readonly [widthPx: number, heightPx: number];
type Rect = readonly [xPx: number, yPx: number, widthPx: number, heightPx: number];

function scene(
  name: string,
  shows: string,
  format: PixelFormat,
  [widthPx, heightPx]: Sizes,
  [xPx, yPx, rectWidthPx, rectHeightPx]: Rect,
  [tensorWidthPx, tensorHeightPx]: Sizes,
  more: Partial<GoldenScene> = {},
): GoldenScene {
  return {
    ...{ name, shows, format, widthPx, heightPx, tensorWidthPx, tensorHeightPx },
    ...{ paddingBytes: 0, colour: 'rgb', pixels: 'noise' },
    ...more,
    rect: { xPx, yPx, widthPx: rectWidthPx, heightPx: rectHeightPx },
  };
}

const grey = { colour: 'grey' } as const;
const extreme = { pixels: 'extreme' } as const;
const formats: readonly PixelFormat[] = ['rgb', 'grey', 'nv12', 'yuyv'];

const everyFormat = formats.flatMap((format) => [
  scene(`${format}-shrink`, 'the whole frame by a fraction', format, [64, 48], [0, 0, 64, 48], [19, 13]),
  scene(`${format}-to-grey`, 'luma, in a padded frame', format, [50, 38], [0, 0, 50, 38], [16, 9], {
    ...grey,
    paddingBytes: 14,
  }),
  scene(`${format}-odd`, 'odd size, odd region, padded', format, [47, 35], [5, 3, 37, 29], [11, 10], {
    paddingBytes: 3,
  }),
  scene(`${format}-enlarge`, 'linear on both axes', format, [14, 12], [3, 1, 9, 10], [21, 24]),
  scene(`${format}-mixed`, 'linear across, area down', format, [12, 40], [1, 2, 10, 37], [17, 8]),
  scene(`${format}-extreme`, 'bytes of 0 and 255 only', format, [40, 30], [1, 1, 38, 29], [9, 17], extreme),
]);

/** What the committed golden files hold. */
export const goldenScenes: readonly GoldenScene[] = [
  ...everyFormat,
  scene('grey-same', 'a size that is already right', 'grey', [24, 17], [0, 0, 24, 17], [24, 17]),
  scene('rgb-ramp', 'a smooth ramp', 'rgb', [48, 32], [0, 0, 48, 32], [20, 20], { pixels: 'ramp' }),
  scene('nv12-half', 'luma halved, chroma as it is', 'nv12', [32, 24], [0, 0, 32, 24], [16, 12]),
  scene('nv12-one-pixel', 'a region of one pixel', 'nv12', [9, 7], [8, 6, 1, 1], [3, 2]),
  scene('yuyv-one-pixel', 'a region of one pixel', 'yuyv', [9, 7], [7, 0, 1, 1], [2, 9]),
  scene('grey-tall', 'over 128 and over 257 rows to one', 'grey', [18, 600], [0, 0, 18, 600], [5, 2], extreme),
  scene('grey-rows-150', 'over 128 rows to one', 'grey', [33, 300], [0, 0, 33, 300], [33, 2], extreme),
  scene('grey-white', 'sums of 600 rows of 255', 'grey', [17, 600], [0, 0, 17, 600], [3, 1], { pixels: 'white' }),
  scene('rgb-wide', 'over 128 columns to one', 'rgb', [700, 6], [0, 0, 700, 6], [2, 3], extreme),
];
