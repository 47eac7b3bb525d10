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
