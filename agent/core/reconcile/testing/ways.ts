import fc from 'fast-check';
import { type BeltPart, fastestNsPerStep, type Stretch } from './belt.ts';

/** A belt that runs at any speed, stands, goes back, and rocks where it stands. */
const stretch: fc.Arbitrary<Stretch> = fc.record({
  steps: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 600 }) },
    { weight: 2, arbitrary: fc.integer({ min: -12, max: 12 }) },
    { weight: 1, arbitrary: fc.integer({ min: -500, max: -1 }) },
  ),
  nsPerStep: fc.integer({ min: fastestNsPerStep, max: 5_000_000 }),
  stopNs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_600_000_000_000 })),
});

export const way = fc.array(stretch, { maxLength: 40 });

/** Parts of which some have this fate. Two are never closer than a part is long, with the slip. */
export function partsWith(fate: BeltPart['fate'], mostSlipSteps: number): fc.Arbitrary<BeltPart[]> {
  const part = fc.record({
    gapSteps: fc.integer({ min: 60, max: 500 }),
    fate: fc.constantFrom('whole', 'whole', 'whole', fate),
    slipSteps: fc.integer({ min: 0, max: mostSlipSteps }),
  });
  return fc.array(part, { minLength: 1, maxLength: 12 });
}
