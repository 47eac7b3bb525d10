import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bounded } from '../../../test/fixtures/bounded.ts';
import { playedGolden, testManifest } from '../../../test/fixtures/model.ts';
import { SystemClock } from '../clock/system.ts';
import { modelCommand } from './commands.ts';
import { ProcessClassifier } from './process.ts';
import { loadTfjs, type TfModel, type TfModule, type TfTensor } from './tfjs-engine.ts';

/** Plays the package: its model's scores are the first two pixels, and it counts tensors that are not disposed. */
function played(shape: readonly (number | null)[]): TfModule & { alive: number; readonly loaded: string[] } {
  const tensor = (data: ArrayLike<number>): TfTensor & { readonly values: ArrayLike<number> } => {
    tf.alive++;
    return {
      values: data,
      data: async () => data,
      dispose: () => {
        tf.alive--;
      },
    };
  };
  const inputs = new WeakMap<TfTensor, ArrayLike<number>>();
  const model: TfModel = {
    inputs: [{ shape, dtype: 'float32' }],
    predict: (input) => tensor(Array.from(inputs.get(input) ?? []).slice(0, 2)),
  };
  const load = async (what: string): Promise<TfModel> => {
    tf.loaded.push(what);
    if (what.includes('broken')) throw new Error('no such model');
    return model;
  };
  const tf = {
    alive: 0,
    loaded: [] as string[],
    version: { tfjs: '4.22.0' },
    node: { loadSavedModel: load },
    loadGraphModel: load,
    tensor4d: (data: Uint8Array) => {
      const made = tensor(data);
      inputs.set(made, data.slice());
      return made;
    },
  };
  return tf;
}

const given = { sha256: '', inputName: '', outputName: '' };

test('tfjs: loads a graph model by URL and a SavedModel by folder', async () => {
  const tf = played([null, 2, 3, 1]);
  const engine = await loadTfjs(tf, { ...given, modelFile: '/m odel/model.json' });
  await loadTfjs(tf, { ...given, modelFile: '/model/saved_model.pb' });
  assert.deepEqual(tf.loaded, ['file:///m%20odel/model.json', '/model']);
  assert.deepEqual(engine.input, { heightPx: 2, widthPx: 3, channels: 1 });
  assert.deepEqual([engine.labels, engine.name], [2, 'tfjs-node 4.22.0']);
});

test('tfjs: infers what lies in its tensor and lets no tensor live on', async () => {
  const tf = played([-1, 2, 3, 1]);
  const engine = await loadTfjs(tf, { ...given, modelFile: 'model.json' });
  engine.tensor.set([5, 6, 7]);
  assert.deepEqual([...(await engine.run())], [5, 6]);
  engine.tensor.set([8, 9]);
  assert.deepEqual([...(await engine.run())], [8, 9]);
  assert.equal(tf.alive, 0);
});

test('tfjs: a model that does not load, or has no fixed size, is one sentence', async () => {
  const broken = loadTfjs(played([1, 2, 3, 1]), { ...given, modelFile: 'broken.json' });
  await assert.rejects(broken, {
    code: 'bad-model',
    message: /^The model broken\.json is not one that tfjs-node can load: /,
  });
  for (const shape of [[null, null, 3, 1], [1, 2], []]) {
    const loading = loadTfjs(played(shape), { ...given, modelFile: 'model.json' });
    await assert.rejects(loading, { code: 'bad-model', message: /has no input of a fixed size/ });
  }
});

test('tfjs: without the package the start says what to install', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'linegate-tfjs-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const modelFile = join(folder, 'model.json');
  writeFileSync(modelFile, '{}');
  const digest = createHash('sha256').update('{}').digest('hex');
  const manifest = testManifest({ heightPx: 2, widthPx: 2, labels: 3 }, digest);
  const command = modelCommand('tfjs-node', manifest, modelFile);
  const classifier = new ProcessClassifier({ command, manifest, golden: playedGolden, clock: new SystemClock() });
  await assert.rejects(bounded(classifier.start(), 'start'), {
    code: 'missing-package',
    message:
      'The classifier engine tfjs-node needs the optional package @tensorflow/tfjs-node, which does not load (it is not installed): run "npm install --ignore-scripts=false @tensorflow/tfjs-node", or use the engine onnx, which needs nothing more.',
  });
});
