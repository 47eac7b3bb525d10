import assert from 'node:assert/strict';
import { Simulator } from '../../tools/quantize/sim/simulator.ts';
import type { TfliteModel } from '../../tools/quantize/tflite/model.ts';

/** How a simulation compares with an interpreter's outputs. */
export interface Comparison {
  readonly numbers: number;
  readonly mismatches: number;
  /** The largest difference, in steps. */
  readonly furthest: number;
}

/** Runs the simulator on `inputs` and compares every output of each with `expected`. */
export function compareWith(
  model: TfliteModel,
  inputs: readonly Int8Array[],
  expected: readonly (readonly Int8Array[])[],
): Comparison {
  const simulator = new Simulator(model);
  const steps = inputs.flatMap((input, i) =>
    simulator.run(input).flatMap((output, o) => {
      const other = expected[i]?.[o];
      if (other?.length !== output.length) throw new RangeError(`Output ${o} has ${other?.length} numbers`);
      return Array.from(output, (number, at) => Math.abs(number - (other[at] ?? 999)));
    }),
  );
  const mismatches = steps.filter((step) => step > 0).length;
  return { numbers: steps.length, mismatches, furthest: steps.reduce((most, step) => Math.max(most, step), 0) };
}

/** Of an operator's numbers, how many engines that round once may have another way than one that rounds twice. */
const LARGEST_SHARE = 0.015;

/** Asserts that the outputs of an operator differ from the simulator's by at most one step, and seldom. */
export function assertOneStep(operator: string, simulated: readonly Int8Array[], got: Int8Array): void {
  const ours = simulated.flatMap((output) => [...output]);
  assert.equal(got.length, ours.length, operator);
  const steps = ours.map((number, i) => Math.abs(number - (got[i] ?? 0)));
  const different = steps.filter((step) => step > 0).length;
  assert.ok(Math.max(...steps) <= 1, `${operator}: ${Math.max(...steps)} steps`);
  assert.ok(different <= Math.max(1, LARGEST_SHARE * ours.length), `${operator}: ${different} of ${ours.length}`);
}
