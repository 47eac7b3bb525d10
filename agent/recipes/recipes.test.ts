import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type TinyRecipe, writeTinyRecipe } from '../../test/fixtures/tiny-recipe.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { assertSentence } from '../../test/support/sentence.ts';
import { LinegateError } from '../core/errors.ts';
import { checkRecipe } from './check.ts';
import { findRecipe, openRecipe, type RecipePlaces } from './find.ts';
import { installRecipe } from './install.ts';
import { listRecipes } from './list.ts';
import { readPointer } from './pointer.ts';
import { rollbackRecipe } from './switch.ts';

interface Workplace extends RecipePlaces {
  /** Writes a bundle to install and gives its folder. */
  bundle(given?: TinyRecipe): string;
}

function workplace(t: TestContext, bundledVersion?: number): Workplace {
  const base = temporaryFolder(t);
  const places = { base, installed: path.join(base, 'state', 'recipes'), bundled: path.join(base, 'bundled') };
  if (bundledVersion !== undefined) writeTinyRecipe(path.join(places.bundled, 'tiny'), { version: bundledVersion });
  let made = 0;
  return {
    ...places,
    bundle(given) {
      made += 1;
      const folder = path.join(base, `bundle-${made}`);
      writeTinyRecipe(folder, given);
      return folder;
    },
  };
}

async function refused(installing: Promise<unknown>, code: string, message: RegExp): Promise<void> {
  await assert.rejects(installing, (error) => {
    assert.ok(error instanceof LinegateError, String(error));
    assertSentence(error.message);
    assert.match(error.message, message);
    assert.equal(error.code, code);
    return true;
  });
}

const home = ({ installed }: RecipePlaces): string => path.join(installed, 'tiny');
const idInUse = (places: RecipePlaces): string => openRecipe('tiny', places).id;

test('recipes: an explicit folder, then the installed version that is current, then the bundled one, then a folder of that name', async (t) => {
  const work = workplace(t, 1);
  assert.equal(findRecipe('tiny', work).from, 'bundled');
  await installRecipe(work.bundle({ version: 2 }), work);
  assert.deepEqual(findRecipe('tiny', work), { folder: path.join(home(work), '2'), from: 'installed' });
  writeTinyRecipe(path.join(work.base, 'tiny'), { version: 9 });
  assert.equal(idInUse(work), 'tiny@2');
  assert.equal(openRecipe('./tiny', work).id, 'tiny@9');
  writeTinyRecipe(path.join(work.base, 'other'), { name: 'other', version: 4 });
  assert.equal(openRecipe('other', work).id, 'other@4');
  assert.throws(() => findRecipe('none', work), { code: 'bad-recipe', message: /There is no recipe "none"/ });
});

test('recipes: installing makes current, keeps the one before, and rolls back and forth', async (t) => {
  const work = workplace(t, 1);
  const one = await installRecipe(work.bundle({ version: 2 }), work);
  assert.deepEqual([one.previous, one.goldenVectors], ['bundled', 3]);
  assert.match(one.engine, /onnxruntime/);
  const two = await installRecipe(work.bundle({ version: 3 }), work);
  assert.deepEqual([two.previous, idInUse(work)], [2, 'tiny@3']);
  assert.equal((await rollbackRecipe('tiny', work)).recipe.id, 'tiny@2');
  assert.equal(idInUse(work), 'tiny@2');
  assert.equal((await rollbackRecipe('tiny', work)).recipe.id, 'tiny@3');
  const roles = listRecipes(work).map(({ manifest, from, role }) => [manifest?.version, from, role]);
  assert.deepEqual(roles, [
    [3, 'installed', 'current'],
    [2, 'installed', 'previous'],
    [1, 'bundled', 'other'],
  ]);
});

test('recipes: the first one installed over a bundled one rolls back to it; without one there is nothing to return to', async (t) => {
  const over = workplace(t, 1);
  await installRecipe(over.bundle({ version: 2 }), over);
  assert.equal((await rollbackRecipe('tiny', over)).current, 'bundled');
  assert.equal(idInUse(over), 'tiny@1');
  const alone = workplace(t);
  await installRecipe(alone.bundle(), alone);
  await refused(rollbackRecipe('tiny', alone), 'bad-argument', /has no version before the current one/);
  await refused(rollbackRecipe('../tiny', alone), 'bad-argument', /There is no recipe/);
});

test('recipes: a bundle that is not whole or does not reproduce changes nothing', async (t) => {
  const work = workplace(t);
  await installRecipe(work.bundle({ version: 1 }), work);
  const before = readPointer(home(work));
  const off = work.bundle({ version: 2, goldenOff: 0.02 });
  await refused(installRecipe(off, work), 'bad-model', /off by 0\.0200 at golden vector 1 of tiny/);
  const garbage = work.bundle({ version: 2, model: Buffer.from('no model') });
  await refused(installRecipe(garbage, work), 'bad-model', /not one that onnxruntime can load/);
  const altered = work.bundle({ version: 2 });
  writeFileSync(path.join(altered, 'model.onnx'), Buffer.alloc(statSync(path.join(altered, 'model.onnx')).size));
  await refused(installRecipe(altered, work), 'bad-model', /has digest/);
  const incomplete = work.bundle({ version: 2 });
  rmSync(path.join(incomplete, 'golden', 'dent.bin'));
  await refused(installRecipe(incomplete, work), 'bad-recipe', /dent\.bin cannot be read/);
  await refused(installRecipe(path.join(work.base, 'nowhere'), work), 'bad-recipe', /cannot be read/);
  assert.deepEqual(readPointer(home(work)), before);
  assert.deepEqual(readdirSync(home(work)).sort(), ['1', 'current.json']);
});

test('recipes: one version is one content, for installed and bundled ones alike', async (t) => {
  const work = workplace(t, 1);
  const other = work.bundle({ version: 1, description: 'Another.' });
  await refused(installRecipe(other, work), 'bad-recipe', /version 1 is already at \S+ with other content/);
  await installRecipe(work.bundle({ version: 2 }), work);
  const changed = work.bundle({ version: 2, description: 'Another.' });
  await refused(installRecipe(changed, work), 'bad-recipe', /version 2 is already at \S+ with other content/);
});

test('recipes: installing again what is installed mends it and keeps the one before', async (t) => {
  const work = workplace(t);
  await installRecipe(work.bundle({ version: 1 }), work);
  const folder = work.bundle({ version: 2 });
  await installRecipe(folder, work);
  writeFileSync(path.join(home(work), '2', 'model.onnx'), 'a torn page');
  assert.throws(() => idInUse(work), { code: 'bad-model' });
  assert.match(listRecipes(work)[0]?.fault ?? '', /has 11 bytes/);
  assert.equal((await installRecipe(folder, work)).previous, 1);
  assert.equal(idInUse(work), 'tiny@2');
  await checkRecipe(openRecipe('tiny', work));
  assert.deepEqual(readdirSync(home(work)).sort(), ['1', '2', 'current.json']);
});

test('recipes: a damaged pointer is one sentence, is listed, and installing mends it', async (t) => {
  const work = workplace(t, 1);
  const folder = work.bundle({ version: 2 });
  await installRecipe(folder, work);
  for (const text of ['', '{', '{"schemaVersion":1,"current":"../../x","previous":null}', '[]']) {
    writeFileSync(path.join(home(work), 'current.json'), text);
    assert.throws(
      () => idInUse(work),
      (error: Error) => {
        assertSentence(error.message);
        return /current\.json.*install the recipe again\.$/.test(error.message);
      },
    );
    assert.match(listRecipes(work)[0]?.fault ?? '', /current\.json/);
  }
  await installRecipe(folder, work);
  assert.equal(idInUse(work), 'tiny@2');
});

test('recipes: what killed installs left is cleared, what another one is at stays', async (t) => {
  const work = workplace(t);
  const dead = 2 ** 30;
  const [left, own] = [`.incoming-${dead}-00`, `.incoming-${process.pid}-00`];
  for (const entry of [left, own, `.replaced-${dead}-00`]) mkdirSync(path.join(home(work), entry), { recursive: true });
  writeFileSync(path.join(home(work), `current.json.${dead}.tmp`), '');
  await installRecipe(work.bundle(), work);
  assert.deepEqual(readdirSync(home(work)).sort(), [own, '1', 'current.json']);
});

test('recipes: only the files that the manifest names are installed', async (t) => {
  const work = workplace(t);
  const folder = work.bundle();
  writeFileSync(path.join(folder, 'notes.txt'), 'not for the station');
  cpSync(path.join(folder, 'golden'), path.join(folder, 'more'), { recursive: true });
  await installRecipe(folder, work);
  assert.deepEqual(readdirSync(path.join(home(work), '1')).sort(), ['golden', 'manifest.json', 'model.onnx']);
});

test('recipes: a TFLite model goes along, and a bundle that names one without having it is refused', async (t) => {
  const work = workplace(t);
  const folder = work.bundle();
  const file = path.join(folder, 'manifest.json');
  const tflite = { file: 'model.tflite', sha256: createHash('sha256').update('tflite').digest('hex'), sizeBytes: 6 };
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), tflite }));
  await assert.rejects(installRecipe(folder, work), { code: 'bad-model', message: /model\.tflite cannot be read/ });
  writeFileSync(path.join(folder, 'model.tflite'), 'other!');
  await assert.rejects(installRecipe(folder, work), { code: 'bad-model', message: /model\.tflite has digest/ });
  writeFileSync(path.join(folder, 'model.tflite'), 'tflite');
  await installRecipe(folder, work);
  assert.ok(readdirSync(path.join(home(work), '1')).includes('model.tflite'));
});

test('recipes: a state folder that cannot be written is one sentence', async (t) => {
  const work = workplace(t);
  writeFileSync(path.join(work.base, 'state'), 'a file');
  await refused(installRecipe(work.bundle(), work), 'state-folder', /cannot be installed in/);
  assert.ok(!existsSync(home(work)));
});
