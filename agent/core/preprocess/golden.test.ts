import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Preprocessor } from './preprocess.ts';
import { frameOf, noiseAt, regionOf, specOf } from './testing/frames.ts';
import { decodeGolden, encodeGolden, type Golden } from './testing/golden-file.ts';
import { type GoldenScene, goldenScenes } from './testing/golden-scenes.ts';
import { referenceTensor, worstDifference } from './testing/reference.ts';

const folder = new URL('../../../test/golden/preprocess/', import.meta.url);

function goldenOf(scene: GoldenScene, seed: number): Golden {
  const frame = frameOf(scene, (row, index) => {
    if (scene.pixels === 'white') return 255;
    if (scene.pixels === 'ramp') return (3 * row + index) % 256;
    const noise = noiseAt(seed, row, index);
    return scene.pixels === 'noise' ? noise : noise < 128 ? 0 : 255;
  });
  const spec = specOf(scene);
  const tensor = Preprocessor.create(spec).run(frame);
  const { colour, widthPx, heightPx } = spec;
  return { frame, rect: scene.rect, spec: { colour, widthPx, heightPx }, tensor };
}

function runGolden({ frame, rect, spec }: Golden): Uint8Array {
  return Preprocessor.create({ ...spec, region: regionOf(rect, frame) }).run(frame);
}

const read = (file: string, from = folder) => decodeGolden(readFileSync(new URL(file, from)));

/** The files say what came out once and was right; new ones are written on purpose only. */
if (process.env['WRITE_GOLDEN'] === 'preprocess') {
  goldenScenes.forEach((scene, seed) => {
    const golden = goldenOf(scene, seed);
    assert.ok(worstDifference(golden.tensor, referenceTensor(golden.frame, golden.rect, golden.spec)) < 1);
    writeFileSync(new URL(`${scene.name}.bin`, folder), encodeGolden(golden));
  });
  const index = goldenScenes.map(({ name, shows }) => ({ file: `${name}.bin`, shows }));
  writeFileSync(new URL('index.json', folder), `${JSON.stringify(index, null, 2)}\n`);
}

describe('the golden files of the preprocess', () => {
  it('are those that index.json names, one for each scene', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.bin'));
    const index: { file: string }[] = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8'));
    const scenes = goldenScenes.map(({ name }) => `${name}.bin`);
    assert.deepEqual(files.toSorted(), scenes.toSorted());
    assert.deepEqual(
      index.map(({ file }) => file),
      scenes,
    );
  });

  goldenScenes.forEach((scene, seed) => {
    it(`${scene.name}: ${scene.shows}`, () => {
      const golden = read(`${scene.name}.bin`);
      assert.deepEqual(Buffer.from(encodeGolden(goldenOf(scene, seed))), Buffer.from(encodeGolden(golden)));
      assert.deepEqual(Buffer.from(runGolden(golden)), golden.tensor);
      assert.ok(worstDifference(golden.tensor, referenceTensor(golden.frame, golden.rect, golden.spec)) < 1);
    });
  });
});

describe("tensors by OpenCV's INTER_AREA", () => {
  const opencv = new URL('opencv/', folder);
  for (const file of readdirSync(opencv)) {
    it(`${file} agrees within 1`, () => {
      const golden = read(file, opencv);
      assert.ok(worstDifference(runGolden(golden), Float64Array.from(golden.tensor)) <= 1);
    });
  }
});
