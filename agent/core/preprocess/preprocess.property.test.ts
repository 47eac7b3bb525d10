import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Frame } from '../frame.ts';
import { Preprocessor } from './preprocess.ts';
import { frameOf, noiseAt, rowBytes, rowCount, type Scene, specOf } from './testing/frames.ts';
import { referenceTensor, worstDifference } from './testing/reference.ts';

const formats = ['rgb', 'grey', 'nv12', 'yuyv'] as const;

/** Two numbers of which the second is 1..max and the first leaves room for it. */
function stretch(maxPx: number): fc.Arbitrary<{ whole: number; start: number; length: number }> {
  return fc
    .integer({ min: 1, max: maxPx })
    .chain((whole) =>
      fc
        .integer({ min: 0, max: whole - 1 })
        .chain((start) => fc.integer({ min: 1, max: whole - start }).map((length) => ({ whole, start, length }))),
    );
}

function scenes(maxPx: number, allowed: readonly Scene['format'][] = formats): fc.Arbitrary<Scene> {
  const sidePx = fc.integer({ min: 1, max: 40 });
  return fc
    .record({
      format: fc.constantFrom(...allowed),
      x: stretch(maxPx),
      y: stretch(maxPx),
      paddingBytes: fc.integer({ min: 0, max: 20 }),
      colour: fc.constantFrom('rgb' as const, 'grey' as const),
      tensorWidthPx: sidePx,
      tensorHeightPx: sidePx,
    })
    .map(({ x, y, ...rest }) => ({
      ...rest,
      widthPx: x.whole,
      heightPx: y.whole,
      rect: { xPx: x.start, yPx: y.start, widthPx: x.length, heightPx: y.length },
    }));
}

const seeds = fc.nat({ max: 1_000_000 });

/** Noise; every other frame of bytes 0 and 255 only, where errors of weights are largest. */
function noisy(scene: Scene, seed: number): Frame {
  const extreme = seed % 2 === 0;
  return frameOf(scene, (row, index) => {
    const noise = noiseAt(seed, row, index);
    return extreme ? (noise < 128 ? 0 : 255) : noise;
  });
}

const run = (scene: Scene, frame: Frame) => Preprocessor.create(specOf(scene)).run(frame);

/** Where colours are converted, fractions go from the resize into the conversion, whose rounding can then differ by one. */
function isConverted({ format, colour }: Pick<Scene, 'format' | 'colour'>): boolean {
  return format === 'nv12' || format === 'yuyv' || (format === 'rgb' && colour === 'grey');
}

/** The most by which a pixel differs from the first one, over all channels. */
function spreadOf(tensor: Uint8Array, colour: Scene['colour']): number {
  const depth = colour === 'rgb' ? 3 : 1;
  return Math.max(...tensor.map((byte, i) => Math.abs(byte - (tensor[i % depth] ?? 0))));
}

describe('the preprocess', () => {
  for (const [maxPx, numRuns] of [
    [64, 1200],
    [700, 40],
  ] as const) {
    it(`is within 1 of the definition in float64, frames up to ${maxPx} px`, () => {
      const property = fc.property(scenes(maxPx), seeds, (scene, seed) => {
        const frame = noisy(scene, seed);
        const worst = worstDifference(run(scene, frame), referenceTensor(frame, scene.rect, specOf(scene)));
        assert.ok(worst < 1, `differs by ${worst}`);
      });
      fc.assert(property, { numRuns });
    });
  }

  it('leaves a constant image constant, to the last bit unless a conversion rounds after the resize', () => {
    const property = fc.property(scenes(200), fc.tuple(seeds, seeds), (scene, [seed, other]) => {
      const sampleAt = (place: number) => noiseAt(seed, other, place);
      const frame = frameOf(scene, (row, index) => sampleAt(placeOf(scene, row, index)));
      const tensor = run(scene, frame);
      assert.ok(spreadOf(tensor, scene.colour) <= (isConverted(scene) ? 1 : 0), `${tensor}`);
      if (scene.colour === 'rgb' && scene.format === 'rgb') {
        assert.deepEqual([...tensor.subarray(0, 3)], [0, 1, 2].map(sampleAt));
      }
      if (scene.format === 'grey') assert.equal(tensor[0], sampleAt(0));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('stays between the darkest and the brightest sample of each channel', () => {
    const property = fc.property(scenes(80, ['rgb', 'grey']), seeds, (scene, seed) => {
      const frame = frameOf(scene, (row, index) => 60 + (noiseAt(seed, row, index) % 100));
      for (const byte of run(scene, frame)) assert.ok(byte >= 60 && byte <= 159, `${byte}`);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('does not see the stride, the padding or what lies outside the region', () => {
    const property = fc.property(scenes(48), seeds, fc.nat({ max: 50 }), (scene, seed, paddingBytes) => {
      const bytes = rowBytes(scene.format, scene.widthPx);
      const matters = (row: number, index: number) => index < bytes && isSeen(scene, row, index);
      const frame = noisy(scene, seed);
      const at = (row: number, index: number) => frame.data[row * frame.strideBytes + index] ?? 0;
      const other = { ...scene, paddingBytes };
      const changed = frameOf(other, (row, i) => (matters(row, i) ? at(row, i) : noiseAt(seed + 1, row, i)));
      assert.deepEqual(run(other, changed), run(scene, frame));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('gives the same whatever frames went before', () => {
    const property = fc.property(scenes(80), scenes(80), seeds, (scene, other, seed) => {
      const used = Preprocessor.create(specOf(scene));
      used.run(noisy(other, seed));
      const frame = noisy(scene, seed);
      assert.deepEqual(used.run(frame), run(scene, frame));
    });
    fc.assert(property, { numRuns: 200 });
  });
});

/** The same number for all bytes of one channel. */
function placeOf({ format, heightPx }: Scene, row: number, index: number): number {
  if (format === 'rgb') return index % 3;
  if (format === 'yuyv') return index % 4 === 2 ? 0 : index % 4;
  return format === 'nv12' && row >= heightPx ? 1 + (index % 2) : 0;
}

/** Whether the region has a share in the byte. */
function isSeen(scene: Scene, row: number, index: number): boolean {
  const { format, heightPx, rect } = scene;
  assert.ok(row < rowCount(format, heightPx));
  const [right, bottom] = [rect.xPx + rect.widthPx, rect.yPx + rect.heightPx];
  const shared = (firstPx: number) => firstPx + 2 > rect.xPx && firstPx < right;
  if (format === 'nv12' && row >= heightPx) {
    const y = 2 * (row - heightPx);
    return y + 2 > rect.yPx && y < bottom && shared(2 * Math.floor(index / 2));
  }
  if (row < rect.yPx || row >= bottom) return false;
  if (format === 'yuyv' && index % 2 === 1) return shared(2 * Math.floor(index / 4));
  const bytesPerPixel = { rgb: 3, grey: 1, nv12: 1, yuyv: 2 }[format];
  const x = Math.floor(index / bytesPerPixel);
  return x >= rect.xPx && x < right;
}
