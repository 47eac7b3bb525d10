import type sharpLibrary from 'sharp';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import type { Frame, PreprocessSpec } from '../../../agent/core/frame.ts';
import { importOptional } from '../../../agent/core/optional-package.ts';
import { Preprocessor } from '../../../agent/core/preprocess/preprocess.ts';
import { overlapped } from '../overlapped.ts';
import type { LabelledImage } from './list.ts';

/** A picture as the station's own preprocessing gives it: uint8, [1, heightPx, widthPx, channels]. */
export interface Picture extends LabelledImage {
  readonly pixels: Uint8Array;
}

/** The library that reads picture files. */
type Sharp = typeof sharpLibrary;

/** The library has threads of its own. */
const DECODED_AT_ONCE = 4;

/** Loads images through the station's preprocessing. Throws LinegateError 'bad-image' that names the file. */
export async function loadPictures(
  images: readonly LabelledImage[],
  spec: PreprocessSpec,
  onLoaded: (done: number) => void = () => {},
): Promise<Picture[]> {
  // Only when it is needed: a station that inspects does not load it.
  const sharp = await importOptional<Sharp>('sharp', 'Quantising a model', 'or quantise it on another computer');
  const preprocessor = Preprocessor.create(spec);
  let done = 0;
  const load = async (image: LabelledImage): Promise<Picture> => {
    const pixels = preprocessor.run(await decode(sharp, image.file));
    done += 1;
    onLoaded(done);
    return { ...image, pixels };
  };
  return overlapped(images, load, DECODED_AT_ONCE);
}

async function decode(sharp: Sharp, file: string): Promise<Frame> {
  try {
    const { data, info } = await sharp(file)
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const format = info.channels === 1 ? ('grey' as const) : ('rgb' as const);
    const size = { widthPx: info.width, heightPx: info.height, strideBytes: info.width * info.channels };
    return { data, format, ...size, sensorNs: 0, clock: 'monotonic', sequence: 0 };
  } catch (error) {
    throw new LinegateError(
      'bad-image',
      `${file} cannot be decoded (${messageOf(error)}); remove it or save it again.`,
      {
        cause: error,
      },
    );
  }
}
