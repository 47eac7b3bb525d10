import type { PreprocessSpec } from '../../core/frame.ts';
import type { Manifest } from '../../core/recipe.ts';
import { randomOf } from '../../core/render/prng.ts';
import type { PartSource, Picture, VirtualPart } from './belt.ts';

const sidePx = 16;
const goodBrightness = 200;
const badBrightness = 40;

/** How flat pictures are told apart: what a recipe says of a model, without the model. */
export const flatRecipe: Pick<Manifest, 'labels' | 'decision'> & { readonly preprocess: PreprocessSpec } = {
  labels: [
    { name: 'good', kind: 'ok' },
    { name: 'bad', kind: 'defect' },
  ],
  decision: { minimumOk: 0.5, thresholds: { bad: { review: 0.4, reject: 0.6 } } },
  preprocess: { colour: 'grey', widthPx: 8, heightPx: 8, region: { x: 0, y: 0, width: 1, height: 1 } },
};

/** The scores of the flat pictures, for a scripted classifier. */
export function flatScores(tensor: Uint8Array): readonly number[] {
  return (tensor[0] ?? 0) > (goodBrightness + badBrightness) / 2 ? [0.95, 0.05] : [0.1, 0.9];
}

/** Parts with tiny grey pictures whose brightness says what the part is, for millions of parts: good ones are bright. */
export class FlatParts implements PartSource {
  readonly #seed: number;
  readonly #defectRate: number;
  readonly #pictures = { good: flatPicture(goodBrightness), bad: flatPicture(badBrightness) };

  constructor(seed: number, defectRate: number) {
    this.#seed = seed;
    this.#defectRate = defectRate;
  }

  async start(): Promise<void> {}

  part(index: number): VirtualPart {
    const defective = randomOf(this.#seed, index)() < this.#defectRate;
    return { index, label: defective ? 'bad' : 'good', defective };
  }

  prepare(): void {}

  async picture(index: number): Promise<Picture> {
    return this.part(index).defective ? this.#pictures.bad : this.#pictures.good;
  }

  discard(): void {}

  async stop(): Promise<void> {}
}

function flatPicture(brightness: number): Picture {
  return { data: new Uint8Array(sidePx * sidePx * 3).fill(brightness), widthPx: sidePx, heightPx: sidePx };
}
