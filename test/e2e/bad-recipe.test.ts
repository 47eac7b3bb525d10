// Recipes that a station must refuse to start with, and folders of pictures that a simulation must.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { tinyOnnx } from '../fixtures/tiny-model.ts';
import { linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { RecipeCopy } from '../support/recipe-copy.ts';
import { assertRefused } from '../support/refused.ts';

/** A small valid model of the recipe's input, with as many labels as it is given. */
function modelOf(recipe: RecipeCopy, labels: number, inputType: 1 | 2 = 2): Uint8Array {
  return tinyOnnx({ ...recipe.inputSize(), channels: 3, labels, inputType });
}

/** What is wrong with a recipe, and what the sentence must name. */
const recipes: Readonly<Record<string, readonly [spoil: (recipe: RecipeCopy) => void, about: RegExp]>> = {
  'no manifest': [(r) => rmSync(r.file('manifest.json')), /no manifest\.json/],
  'a manifest that is no JSON': [
    (r) => writeFileSync(r.file('manifest.json'), '{"name": '),
    /manifest\.json is not valid/,
  ],
  'a manifest that is a folder': [
    (r) => {
      rmSync(r.file('manifest.json'));
      mkdirSync(r.file('manifest.json'));
    },
    /manifest\.json cannot be read/,
  ],
  'a manifest of 2 MB': [(r) => writeFileSync(r.file('manifest.json'), ' '.repeat(2e6)), /2000000 bytes/],
  'a manifest of noise': [(r) => writeFileSync(r.file('manifest.json'), noise(3000)), /manifest\.json/],
  'a field of the wrong type': [(r) => r.manifest((m) => Object.assign(m, { version: 'two' })), /version is "two"/],
  'a model outside its folder': [
    (r) => r.manifest(({ model }) => Object.assign(model, { file: '../model.onnx' })),
    /model\.file/,
  ],
  'no model': [(r) => rmSync(r.file('model.onnx')), /model\.onnx cannot be read/],
  'a truncated model': [(r) => truncateSync(r.file('model.onnx'), 20_000), /model\.onnx has 20000 bytes/],
  'a truncated model with its digest': [
    (r) => r.model(readFileSync(r.file('model.onnx')).subarray(0, 20_000)),
    /model\.onnx is not one that onnxruntime can load/,
  ],
  'an empty model with its digest': [(r) => r.manifest(() => writeFileSync(r.file('model.onnx'), '')), /has 0 bytes/],
  'noise for a model, with its digest': [(r) => r.model(noise(50_000)), /is not one that onnxruntime can load/],
  'a model of too many labels': [(r) => r.model(modelOf(r, 9)), /number of labels of the loaded model is 9/],
  'a model of float pictures': [(r) => r.model(modelOf(r, 8, 1)), /is not from uint8/],
  'a model of other scores': [(r) => r.model(modelOf(r, 8)), /is off by .+ at golden vector 1/],
  'another output': [
    (r) => r.manifest(({ model }) => Object.assign(model, { output: { name: 'other' } })),
    /is not from uint8|no output/,
  ],
  'no golden vectors': [(r) => rmSync(r.file('golden/golden.json')), /golden\.json cannot be read/],
  'golden vectors of another digest': [
    (r) => writeFileSync(r.file('golden/golden.json'), '{}'),
    /not those that the manifest/,
  ],
  'golden vectors of nothing, with their digest': [(r) => r.golden('{}'), /golden\.json cannot be used/],
};

function noise(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (i * 2654435761) >>> 13);
}

suite('bad recipes', { concurrency: 2 }, () => {
  for (const [what, [spoil, about]] of Object.entries(recipes)) {
    test(`bad recipe: ${what}`, async (t) => {
      const folder = temporaryFolder(t);
      const recipe = new RecipeCopy(path.join(folder, 'recipe'));
      spoil(recipe);
      const args = [
        'simulate',
        '--parts',
        '5',
        '--json',
        '--recipe',
        recipe.folder,
        '--state',
        path.join(folder, 'state'),
      ];
      assertRefused(await linegate(t, args), 2, about);
    });
  }
});

/** What is wrong with a folder of pictures, given the folder, and what the sentence must name. */
const folders: Readonly<Record<string, readonly [make: (folder: string) => void, about: RegExp]>> = {
  missing: [() => undefined, /images cannot be read/],
  'a file': [(folder) => writeFileSync(folder, 'x'), /images cannot be read/],
  empty: [(folder) => mkdirSync(folder), /no pictures in the folders of .+images/],
  'without pictures': [
    (folder) => mkdirSync(path.join(folder, 'good'), { recursive: true }),
    /no pictures in the folders/,
  ],
  'with a folder that is no label': [
    (folder) => mkdirSync(path.join(folder, 'ugly'), { recursive: true }),
    /ugly is no label of the recipe; it has good, bad/,
  ],
  'with nothing but links that lead in a circle': [
    (folder) => {
      mkdirSync(path.join(folder, 'good'), { recursive: true });
      symlinkSync('a.png', path.join(folder, 'good', 'b.png'));
      symlinkSync('b.png', path.join(folder, 'good', 'a.png'));
    },
    /no pictures in the folders/,
  ],
};

suite('bad folders of pictures', { concurrency: 2 }, () => {
  for (const [what, [make, about]] of Object.entries(folders)) {
    test(`bad folder of pictures: ${what}`, async (t) => {
      const [folder, state] = ['images', 'state'].map((name) => path.join(temporaryFolder(t), name));
      assert.ok(folder !== undefined && state !== undefined);
      make(folder);
      const args = [
        'simulate',
        '--parts',
        '5',
        '--json',
        '--recipe',
        'coffee-bean',
        '--images',
        folder,
        '--state',
        state,
      ];
      assertRefused(await linegate(t, args), 2, about);
      assert.ok(!existsSync(path.join(state, 'ledger.sqlite')), 'a refused simulation began a ledger');
    });
  }

  test('bad folder of pictures: none, for a recipe that cannot sort rings', async (t) => {
    const args = ['simulate', '--parts', '5', '--recipe', 'coffee-bean', '--state', temporaryFolder(t)];
    assertRefused(await linegate(t, args), 2, /give it a folder of pictures with --images/);
  });
});
