import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sumsSaturate } from './cpu.ts';

it('sums saturate on an x86 CPU without VNNI only', () => {
  assert.equal(sumsSaturate('flags\t\t: fpu avx2 fma\n', 'x64'), true);
  assert.equal(sumsSaturate('flags\t\t: fpu avx2 avx512_vnni\n', 'x64'), false);
  assert.equal(sumsSaturate('flags\t\t: fpu avx2 avx_vnni\n', 'x64'), false);
  assert.equal(sumsSaturate('Features\t: asimd\n', 'arm64'), false);
  assert.equal(sumsSaturate('', 'x64'), false);
});
