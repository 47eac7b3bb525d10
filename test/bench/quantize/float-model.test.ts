import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openSession } from '../../../tools/quantize/calibrate/session.ts';
import { randomPixels } from '../../../tools/quantize/testing/same-output.ts';
import { residualModel } from '../../../tools/quantize/testing/test-model.ts';
import { floatOutputs, withoutSoftmax } from './float-model.ts';

const subject = { size: { heightPx: 16, widthPx: 16, channels: 3 }, input: { scale: 1 / 255, zeroPoint: 0 } };

describe('withoutSoftmax', () => {
  it('gives the logits of a file that ends with scores, and another file as it is', async () => {
    const file = residualModel();
    const bare = withoutSoftmax(file);
    const pictures = [randomPixels(16 * 16 * 3)];
    const of = async (model: Uint8Array) => {
      const session = await openSession(model);
      const [output = new Float32Array()] = await floatOutputs(
        session,
        { name: '', file: '', labels: undefined, ...subject },
        pictures,
      );
      return [...output];
    };
    const logits = await of(bare);
    const sum = logits.reduce((all, one) => all + Math.exp(one), 0);
    for (const [i, score] of (await of(file)).entries()) {
      assert.ok(Math.abs(score - Math.exp(logits[i] ?? 0) / sum) < 1e-5);
    }
    assert.equal(withoutSoftmax(bare), bare);
  });
});
