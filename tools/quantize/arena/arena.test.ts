import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { tfliteModel } from '../emit/tflite.ts';
import { compile } from '../passes/pipeline.ts';
import { residualModel } from '../testing/test-model.ts';
import { testPlan } from '../testing/test-plan.ts';
import { espNnScratchBytes } from './esp-nn.ts';
import { highestByte, placeGreedily } from './greedy.ts';
import { lifetimes } from './lifetimes.ts';
import { predictArena } from './predict.ts';
import { sizeOfStruct } from './structs.ts';

const graph = compile(residualModel(), { heightPx: 16, widthPx: 16, channels: 3 });
const model = tfliteModel(graph, testPlan(graph));

const buffer = fc.record({
  sizeBytes: fc.integer({ min: 1, max: 64 }).map((units) => units * 16),
  firstUse: fc.integer({ min: 0, max: 12 }),
  span: fc.integer({ min: 0, max: 6 }),
});

describe('the greedy planner', () => {
  it('places the largest first and fills gaps', () => {
    const buffers = [
      { sizeBytes: 32, firstUse: 0, lastUse: 1 },
      { sizeBytes: 64, firstUse: 1, lastUse: 2 },
      { sizeBytes: 32, firstUse: 2, lastUse: 3 },
      { sizeBytes: 16, firstUse: 0, lastUse: 3 },
    ];
    const placed = placeGreedily(buffers);
    // 64 at 0; of the two of 32 the later first, both behind it, as they do not meet; 16 behind all.
    assert.deepEqual(
      placed.map(({ sizeBytes, firstUse, offsetBytes }) => [sizeBytes, firstUse, offsetBytes]),
      [
        [64, 1, 0],
        [32, 2, 64],
        [32, 0, 64],
        [16, 0, 96],
      ],
    );
    assert.equal(highestByte(placed), 112);
  });

  it('never lets two buffers meet that are alive together, and wastes nothing on those that are not', () => {
    fc.assert(
      fc.property(fc.array(buffer, { minLength: 1, maxLength: 14 }), (list) => {
        const buffers = list.map(({ sizeBytes, firstUse, span }) => ({
          sizeBytes,
          firstUse,
          lastUse: firstUse + span,
        }));
        const placed = placeGreedily(buffers);
        for (const [i, a] of placed.entries()) {
          for (const b of placed.slice(i + 1)) {
            const together = a.firstUse <= b.lastUse && b.firstUse <= a.lastUse;
            const apart = a.offsetBytes + a.sizeBytes <= b.offsetBytes || b.offsetBytes + b.sizeBytes <= a.offsetBytes;
            assert.ok(!together || apart);
          }
        }
        const most = Math.max(
          ...buffers.map(({ firstUse }) =>
            buffers.reduce((sum, b) => sum + (b.firstUse <= firstUse && firstUse <= b.lastUse ? b.sizeBytes : 0), 0),
          ),
        );
        assert.ok(highestByte(placed) >= most && highestByte(placed) <= buffers.reduce((s, b) => s + b.sizeBytes, 0));
      }),
    );
  });
});

describe('lifetimes', () => {
  it('run from the operator that makes a tensor to the last that reads it; stored tensors have none', () => {
    const [input, stem] = lifetimes(model);
    assert.deepEqual(input, { sizeBytes: 16 * 16 * 3, firstUse: 0, lastUse: 1 });
    // The stem is read by the second convolution and, past the block, by the sum: the fourth operator.
    assert.deepEqual(stem, { sizeBytes: 16 * 16 * 8, firstUse: 1, lastUse: 4 });
    assert.equal(lifetimes(model).length, 1 + model.operators.length);
  });
});

describe('predictArena', () => {
  it('is smaller with pointers of 4 bytes, by the persistent part alone', () => {
    const small = predictArena(model);
    const large = predictArena(model, { pointerBytes: 8, kernels: 'reference' });
    assert.equal(small.activationBytes, large.activationBytes);
    // Stem, its input of the sum, and the sum, or what comes to it: at least three pictures of 8 channels.
    assert.equal(small.activationBytes, 3 * 16 * 16 * 8);
    assert.ok(small.persistentBytes < large.persistentBytes && small.persistentBytes > 0.5 * large.persistentBytes);
    assert.equal(small.totalBytes % 16, 0);
  });

  it('counts ESP-NN’s scratch memory while its operator runs', () => {
    const [stem] = model.operators;
    assert.ok(stem);
    // Picture and filter twice over, 16 rows of 3 channels, 64 to align.
    assert.equal(espNnScratchBytes(model, stem), 2 * (8 * 27 + 16 * 16 * 3) + 16 * 3 + 64);
    const plain = predictArena(model).totalBytes;
    const scratch = predictArena(model, { pointerBytes: 4, kernels: 'esp-nn-s3' }).totalBytes;
    assert.ok(scratch > plain && scratch < 3 * plain, `${plain}, ${scratch}`);
  });
});

describe('sizeOfStruct', () => {
  it('aligns to pointers and doubles', () => {
    assert.equal(sizeOfStruct({ ints: 1, pointers: 2 }, 8), 24);
    assert.equal(sizeOfStruct({ ints: 1, pointers: 2 }, 4), 12);
    assert.equal(sizeOfStruct({ ints: 1, doubles: 1 }, 4), 16);
  });
});
