import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { floatOnnx } from '../emit/float-onnx.ts';
import { exposedName } from '../emit/onnx-file.ts';
import { compile } from '../passes/pipeline.ts';
import { randomPixels } from '../testing/same-output.ts';
import { residualModel } from '../testing/test-model.ts';
import { ThreadEngine, thisThread } from './engine.ts';
import { logitsOf } from './logits.ts';
import { pictureTensor } from './session.ts';

const size = { heightPx: 16, widthPx: 16, channels: 3 };
const graph = compile(residualModel(), size);
const logits = logitsOf(graph);
const model = floatOnnx(graph, [logits]);
const name = exposedName(logits);
const pictures = [1, 2, 3].map((seed) => pictureTensor(randomPixels(16 * 16 * 3, seed), [1, 16, 16, 3]));
const thread = new ThreadEngine();
after(() => thread.close());

for (const [kind, engine] of Object.entries({ thisThread, thread })) {
  describe(`an engine, ${kind}`, () => {
    it('gives the named output of each picture, jobs in any number', async () => {
      const [three, one] = await Promise.all([
        engine.outputs(model, name, pictures),
        engine.outputs(model, name, pictures.slice(1, 2)),
      ]);
      assert.deepEqual([three.length, one.length], [3, 1]);
      assert.deepEqual(three, await thisThread.outputs(model, name, pictures));
      assert.deepEqual(one[0], three[1]);
      assert.notDeepEqual(three[0], three[1]);
    });

    it('takes views of larger buffers', async () => {
      const around = Uint8Array.of(9, ...model, 9).subarray(1, -1);
      const [picture] = pictures;
      const pixels = Uint8Array.of(9, ...((picture?.data as Uint8Array) ?? []), 9).subarray(1, -1);
      const viewed = pictureTensor(pixels, [1, 16, 16, 3]);
      assert.deepEqual(
        await engine.outputs(around, name, [viewed]),
        await thisThread.outputs(model, name, pictures.slice(0, 1)),
      );
    });

    it('says of a model that it cannot open what onnxruntime says, and runs the next', async () => {
      const wrong = engine.outputs(model.slice(0, 99), name, pictures);
      await assert.rejects(wrong, { name: 'LinegateError', code: 'bad-model', message: /^onnxruntime does not open/ });
      assert.equal((await engine.outputs(model, name, pictures)).length, 3);
    });
  });
}

describe('an engine in a thread', () => {
  it('rejects what is under way or comes later when it is closed', async () => {
    const closed = new ThreadEngine();
    const running = assert.rejects(closed.outputs(model, name, pictures), { code: 'device', message: /was stopped/ });
    await closed.close();
    await running;
    await assert.rejects(closed.outputs(model, name, pictures), { code: 'device' });
  });
});
