import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseGolden, GOLDEN_TOLERANCE } from './golden.ts';
import { syntheticPicture } from './synthetic.ts';

const candidate = (label: string, top: number) => ({ label, pixels: new Uint8Array(), scores: [top, 1 - top] });

describe('chooseGolden', () => {
  it('takes as many of every label, from sure to less sure, none in the balance', () => {
    const candidates = ['a', 'b'].flatMap((label) =>
      Array.from({ length: 50 }, (_, i) => candidate(label, 0.5 + i / 100)),
    );
    const chosen = chooseGolden(['a', 'b'], candidates, 0.02);
    assert.deepEqual(
      chosen.map(({ label }) => label),
      [...'aaaaaaaabbbbbbbb'],
    );
    // Eight steps of 0.02 must not move a score by more than the tolerance.
    assert.ok(chosen.every(({ scores: [p = 0] }) => 8 * 0.02 * p * (1 - p) <= GOLDEN_TOLERANCE));
    assert.ok(new Set(chosen.map(({ scores }) => scores[0])).size >= 8);
  });

  it('takes the two calmest where all are in the balance', () => {
    const chosen = chooseGolden(
      ['a'],
      [0.5, 0.55, 0.6].map((top) => candidate('a', top)),
      0.2,
    );
    assert.deepEqual(
      chosen.map(({ scores }) => scores[0]),
      [0.6, 0.55],
    );
  });
});

describe('syntheticPicture', () => {
  const spec = { colour: 'rgb' as const, widthPx: 24, heightPx: 16, region: { x: 0, y: 0, width: 1, height: 1 } };

  it('is the same for the same seed, another for another, and never flat', () => {
    assert.deepEqual(syntheticPicture(spec, 5), syntheticPicture(spec, 5));
    assert.notDeepEqual(syntheticPicture(spec, 5), syntheticPicture(spec, 6));
    assert.equal(syntheticPicture(spec, 5).length, 24 * 16 * 3);
    assert.ok(new Set(syntheticPicture({ ...spec, colour: 'grey' }, 5)).size > 5);
  });
});
