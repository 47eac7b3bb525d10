import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import { overlapped } from './overlapped.ts';

describe('overlapped', () => {
  it('gives results in the order of the items, two under way at a time', async () => {
    let [running, most] = [0, 0];
    const results = await overlapped([5, 1, 4, 2, 3], async (turns, at) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < turns; turn += 1) await soon();
      running -= 1;
      return `${at}: ${turns}`;
    });
    assert.deepEqual(results, ['0: 5', '1: 1', '2: 4', '3: 2', '4: 3']);
    assert.equal(most, 2);
  });

  it('begins nothing more behind a failure', async () => {
    const begun: number[] = [];
    const failing = overlapped([0, 1, 2, 3, 4, 5], async (item) => {
      begun.push(item);
      await soon();
      if (item === 0) throw new RangeError('no');
    });
    await assert.rejects(failing, RangeError);
    await soon();
    await soon();
    assert.ok(begun.length <= 3, String(begun));
  });
});
