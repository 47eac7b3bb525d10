import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { choosePlan } from '../calibrate/choose-plan.ts';
import { pictureTensor } from '../calibrate/session.ts';
import { compile } from '../passes/pipeline.ts';
import { cpuInfo, sumsSaturate } from '../report/cpu.ts';
import { randomPixels } from '../testing/same-output.ts';
import { residualModel } from '../testing/test-model.ts';
import { compareOperators } from './against-onnxruntime.ts';

const LARGEST_SHARE = 0.015;

describe('the simulator and onnxruntime, operator by operator', () => {
  it('differ by at most one step, and seldom; in layers with weights and averages never', async () => {
    if (sumsSaturate(await cpuInfo())) {
      console.warn(
        'NOT RUN: this CPU has no VNNI, so onnxruntime saturates its sums; the simulator was not compared with it.',
      );
      return;
    }
    const graph = compile(residualModel(), { heightPx: 16, widthPx: 16, channels: 3 });
    const tensors = Array.from({ length: 12 }, (_, seed) =>
      pictureTensor(randomPixels(16 * 16 * 3, seed + 1), [1, 16, 16, 3]),
    );
    const [{ plan }] = await choosePlan(graph, tensors);
    const differences = await compareOperators(graph, plan, tensors);
    assert.deepEqual([...differences.keys()].sort(), [
      ...['ADD', 'AVERAGE_POOL_2D', 'CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'RESHAPE', 'SOFTMAX'],
    ]);
    for (const [kind, { furthest }] of differences) assert.ok(furthest <= 1, `${kind}: ${furthest} steps`);
    // Their scales are chosen for it.
    for (const kind of ['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'AVERAGE_POOL_2D'] as const) {
      assert.equal(differences.get(kind)?.different, 0, kind);
    }
    const all = [...differences.values()];
    const different = all.reduce((sum, one) => sum + one.different, 0);
    const numbers = all.reduce((sum, one) => sum + one.numbers, 0);
    assert.ok(numbers > 100_000 && different <= LARGEST_SHARE * numbers, `${different} of ${numbers}`);
  });
});
