import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TestModel } from '../testing/test-model.ts';
import { guessRecipeConfig } from './guess-config.ts';

describe('guessRecipeConfig', () => {
  let folder = '';
  const at = (name: string) => path.join(folder, name);
  const guess = (model: string, images = 'parts', out = 'bean') =>
    guessRecipeConfig({ model: at(model), calibrate: at(images), out: at(out) });
  const write = (name: string, shape: readonly number[]) => {
    const model = new TestModel(shape);
    writeFileSync(at(name), model.finish(model.op('Relu', ['image'])));
  };

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'linegate-guess-'));
    for (const name of ['parts/scratch', 'parts/Good', 'parts/Zinc', 'odd/one'])
      mkdirSync(at(name), { recursive: true });
    write('first.onnx', [1, 1, 24, 40]);
    write('last.onnx', [0, 24, 40, 3]);
    write('open.onnx', [1, 3, 0, 0]);
    write('vector.onnx', [1, 3]);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('numbers labels as torchvision and Keras do: by the names as they are written', async () => {
    const { labels, decision, name } = await guess('first.onnx');
    assert.deepEqual(labels, [
      { name: 'good', kind: 'ok' },
      { name: 'zinc', kind: 'defect' },
      { name: 'scratch', kind: 'defect' },
    ]);
    assert.deepEqual(Object.keys(decision?.thresholds ?? {}), ['zinc', 'scratch']);
    assert.equal(name, 'bean');
  });

  it('reads size and colour from the input, channels first or last', async () => {
    const region = { x: 0, y: 0, width: 1, height: 1 };
    const grey = { colour: 'grey', widthPx: 40, heightPx: 24, region };
    assert.deepEqual((await guess('first.onnx')).preprocess, grey);
    assert.deepEqual((await guess('last.onnx')).preprocess, { ...grey, colour: 'rgb' });
  });

  it('says what it cannot know', async () => {
    await assert.rejects(guess('open.onnx'), { code: 'bad-model', message: /\[1,3,0,0\].*give a --recipe-config/ });
    await assert.rejects(guess('vector.onnx'), { code: 'bad-model' });
    await assert.rejects(guess('first.onnx', 'odd'), { code: 'bad-argument', message: /\(one\) is named good/ });
    await assert.rejects(guess('first.onnx', 'first.onnx'), { code: 'bad-argument', message: /is no folder/ });
    await assert.rejects(guess('first.onnx', 'parts', 'Bean 1'), { code: 'bad-recipe', message: /name must be lower/ });
  });
});
