import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { floatOnnx } from '../emit/float-onnx.ts';
import { compile } from '../passes/pipeline.ts';
import { randomPixels } from '../testing/same-output.ts';
import { residualModel } from '../testing/test-model.ts';
import { choosePlan } from './choose-plan.ts';
import { splitPictures } from './held-out.ts';
import { openSession, pictureTensor, runSession } from './session.ts';
import { tune } from './tune.ts';

const graph = compile(residualModel(), { heightPx: 16, widthPx: 16, channels: 3 });
const pictures = Array.from({ length: 15 }, (_, seed) =>
  pictureTensor(randomPixels(16 * 16 * 3, seed + 1), [1, 16, 16, 3]),
);

describe('tune', () => {
  it('gives the same whatever the order of the pictures', async () => {
    const expected = await tune(graph, pictures);
    const orders = fc.shuffledSubarray(pictures, { minLength: pictures.length });
    const same = fc.asyncProperty(orders, async (shuffled) => assert.deepEqual(await tune(graph, shuffled), expected));
    await fc.assert(same, { numRuns: 2 });
  });

  it('keeps the best of what it tried, never worse than the graph as it was', async () => {
    const { candidates, trials } = await tune(graph, pictures);
    const [plain] = await choosePlan(graph, pictures);
    const kept = trials.filter((trial) => trial.kept);
    assert.equal(kept.length, 1);
    assert.equal(kept[0]?.logitSqnrDb, candidates[0].logitSqnrDb);
    assert.ok(candidates[0].logitSqnrDb >= plain.logitSqnrDb);
    assert.ok(trials.length >= 9);
  });

  it('computes in float what the graph computed', async () => {
    const changed = (await tune(graph, pictures)).graph;
    const [before, after] = [await openSession(floatOnnx(graph)), await openSession(floatOnnx(changed))];
    for (const picture of pictures) {
      const [expected, got] = [await runSession(before, picture), await runSession(after, picture)];
      const scores = got.get('scores') ?? [];
      for (const [at, one] of (expected.get('scores') ?? []).entries())
        assert.ok(Math.abs(one - (scores[at] ?? 9)) < 1e-5);
    }
  });

  it('tries one observer when it is told to', async () => {
    const { candidates } = await tune(graph, pictures, { observer: 'mse' });
    assert.deepEqual(
      candidates.map(({ observer }) => observer),
      ['mse'],
    );
  });
});

describe('splitPictures', () => {
  it('holds out a fifth, by what pictures hold, and takes ranges from the others', () => {
    const { used, heldOut } = splitPictures(pictures);
    assert.deepEqual([used.length, heldOut.length], [12, 3]);
    assert.ok(heldOut.every((one) => !used.includes(one)));
    assert.deepEqual(splitPictures(pictures.toReversed()), { used, heldOut });
  });

  it('spares none of a handful', () => {
    const { used, heldOut } = splitPictures(pictures.slice(0, 3));
    assert.deepEqual([used.length, heldOut.length], [3, 1]);
  });
});
