import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { mutations } from '../../test/support/mutate.ts';
import { assertSentence } from '../../test/support/sentence.ts';
import { LinegateError } from '../core/errors.ts';
import { loadGolden, loadRecipe } from './recipe.ts';

const base = mkdtempSync(path.join(tmpdir(), 'linegate-recipe-'));
after(() => rmSync(base, { recursive: true }));

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const modelBytes = Buffer.from('not run here, only digested');
const tensor = Buffer.alloc(8 * 8 * 3, 7);
const goldenText = JSON.stringify({
  schemaVersion: 1,
  tolerance: 0.02,
  vectors: [{ tensor: '000.bin', label: 'good', scores: [0.9, 0.1] }],
});
const manifest = {
  schemaVersion: 1,
  name: 'pea',
  version: 3,
  description: 'Peas, for tests.',
  labels: [
    { name: 'good', kind: 'ok' },
    { name: 'bad', kind: 'defect' },
  ],
  preprocess: { colour: 'rgb', widthPx: 8, heightPx: 8, region: { x: 0, y: 0, width: 1, height: 1 } },
  model: {
    file: 'model.onnx',
    sha256: sha256(modelBytes),
    sizeBytes: modelBytes.length,
    input: { name: 'input' },
    output: { name: 'scores' },
  },
  decision: { minimumOk: 0.5, thresholds: { bad: { review: 0.4, reject: 0.6 } } },
  golden: { file: 'golden/golden.json', sha256: sha256(goldenText) },
  data: { source: 'a garden', licence: 'none', split: 'none' },
  figures: { accuracy: 0.5, note: 'none' },
};

function write(name: string, document: unknown): string {
  const folder = path.join(base, name);
  mkdirSync(path.join(folder, 'golden'), { recursive: true });
  writeFileSync(path.join(folder, 'manifest.json'), typeof document === 'string' ? document : JSON.stringify(document));
  writeFileSync(path.join(folder, 'model.onnx'), modelBytes);
  writeFileSync(path.join(folder, 'golden', 'golden.json'), goldenText);
  writeFileSync(path.join(folder, 'golden', '000.bin'), tensor);
  return folder;
}

function faultOf(folder: string): LinegateError | undefined {
  try {
    loadGolden(loadRecipe(folder));
    return undefined;
  } catch (error) {
    assert.ok(error instanceof LinegateError, String(error));
    assertSentence(error.message);
    return error;
  }
}

test('recipe: a good one is read with its golden vectors', () => {
  const recipe = loadRecipe(write('pea', manifest));
  assert.equal(recipe.id, 'pea@3');
  assert.deepEqual(loadGolden(recipe).vectors, [{ label: 'good', tensor, scores: [0.9, 0.1] }]);
});

test('recipe: every field of the manifest, mutated, is refused in one sentence', () => {
  const freeText = /^(description|data\.(source|licence|split)|figures\..*|model\.(input|output)\.name)$/;
  let refused = 0;
  for (const { name, path: field, document } of mutations(manifest)) {
    const error = faultOf(write('mutant', document));
    if (error === undefined) {
      assert.ok(freeText.test(field) || field === 'figures.nobodyKnowsThis', `${name} was accepted`);
      continue;
    }
    refused += 1;
    assert.ok(error.code === 'bad-recipe' || error.code === 'bad-model', error.code);
  }
  assert.ok(refused > 100, `only ${refused} mutations were refused`);
});

test('recipe: a truncated or altered model is refused', () => {
  const folder = write('cut', manifest);
  truncateSync(path.join(folder, 'model.onnx'), 10);
  assert.match(faultOf(folder)?.message ?? '', /has 10 bytes where its manifest says/);
  writeFileSync(path.join(folder, 'model.onnx'), Buffer.alloc(modelBytes.length));
  assert.match(faultOf(folder)?.message ?? '', /has digest/);
  rmSync(path.join(folder, 'model.onnx'));
  assert.match(faultOf(folder)?.message ?? '', /cannot be read/);
});

test('recipe: golden vectors that are not the manifest’s are refused', () => {
  const folder = write('gold', manifest);
  writeFileSync(path.join(folder, 'golden', '000.bin'), tensor.subarray(1));
  assert.match(faultOf(folder)?.message ?? '', /has 191 bytes where the recipe's input has 192/);
  writeFileSync(path.join(folder, 'golden', 'golden.json'), `${goldenText} `);
  assert.match(faultOf(folder)?.message ?? '', /not those that the manifest names/);
});

test('recipe: what is no manifest at all is refused', () => {
  for (const text of [
    '',
    '{',
    '[1,2',
    'a: b: c',
    '\u0000\u0001',
    '&a [*a, *a]',
    '<<<',
    'x'.repeat(2_000_000),
    '['.repeat(100_000),
  ]) {
    assert.equal(faultOf(write('none', text))?.code, 'bad-recipe', JSON.stringify(text.slice(0, 20)));
  }
  assert.equal(faultOf(path.join(base, 'nowhere'))?.code, 'bad-recipe');
});

test('recipe: a manifest that grows when it is read is refused', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
  for (let i = 0; i < 9; i += 1) {
    bomb.push(`${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`);
  }
  assert.equal(faultOf(write('bomb', bomb.join('\n')))?.code, 'bad-recipe');
});
