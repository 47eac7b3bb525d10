import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inProcess, lineContract } from '../../../test/contracts/line.ts';
import { randomOf } from '../../core/render/prng.ts';
import { Belt, type PartSource } from './belt.ts';
import { calibrationOf, conveyorAt, gatePassNs, isHit, nextSpacingNs } from './conveyor.ts';
import { Judge } from './judge.ts';
import { SimulatedLine } from './line.ts';

const source: PartSource = {
  start: async () => {},
  part: (index) => ({ index, label: 'good', defective: false }),
  prepare: () => {},
  picture: () => Promise.reject(new Error('nobody looks')),
  discard: () => {},
  stop: async () => {},
};

lineContract(
  'simulated line',
  inProcess(({ clock, journal }) => {
    const conveyor = conveyorAt(10);
    const parts = Number.POSITIVE_INFINITY;
    return new SimulatedLine({
      clock,
      conveyor,
      source,
      belt: new Belt(),
      judge: new Judge(),
      journal,
      seed: 1,
      parts,
    });
  }),
);

const rate = fc.double({ min: 0.1, max: 100, noNaN: true });

test('conveyor: parts keep their mean distance and are never closer than twice the gate’s recovery', () => {
  fc.assert(
    fc.property(rate, fc.integer({ min: 0, max: 1e6 }), (partsPerSecond, seed) => {
      const conveyor = conveyorAt(partsPerSecond);
      const random = randomOf(seed, 0);
      const spacings = Array.from({ length: 2000 }, () => nextSpacingNs(conveyor, random));
      assert.ok(Math.min(...spacings) >= Math.floor(2 * calibrationOf(conveyor).recoveryNs) - 1);
      const mean = spacings.reduce((sum, spacing) => sum + spacing, 0) / spacings.length;
      assert.ok(Math.abs(mean / conveyor.meanSpacingNs - 1) < 0.12, `mean ${mean}`);
    }),
    { numRuns: 30 },
  );
});

test('conveyor: a pulse over a part’s window hits that part and neither neighbour, however they slip', () => {
  fc.assert(
    fc.property(rate, fc.integer({ min: 0, max: 1e6 }), (partsPerSecond, seed) => {
      const conveyor = conveyorAt(partsPerSecond);
      const { delayNs, widthNs } = calibrationOf(conveyor);
      const random = randomOf(seed, 0);
      const own = gatePassNs(conveyor, 1e9, random);
      const before = gatePassNs(conveyor, 1e9 - conveyor.minSpacingNs, random);
      const after = gatePassNs(conveyor, 1e9 + conveyor.minSpacingNs, random);
      const onNs = 1e9 + delayNs;
      const offNs = onNs + widthNs;
      const hit = (atNs: number): boolean =>
        atNs < onNs
          ? isHit(conveyor, { activeSinceNs: null, lastInactiveNs: Number.NEGATIVE_INFINITY }, atNs)
          : isHit(conveyor, { activeSinceNs: atNs < offNs ? onNs : null, lastInactiveNs: offNs }, atNs);
      assert.deepEqual([hit(before), hit(own), hit(after)], [false, true, false]);
    }),
  );
});
