import { Simulator } from '../../tools/quantize/sim/simulator.ts';
import type { BuiltinName } from '../../tools/quantize/tflite/builtins.ts';
import { type TfliteModel, type TfliteOperator, tensorAt } from '../../tools/quantize/tflite/model.ts';

/** One operator as a network of its own, with inputs as they came up in the network that it is from. */
export interface OperatorCase {
  readonly builtin: BuiltinName;
  readonly model: TfliteModel;
  /** For every picture all inputs, one after the other. */
  readonly inputs: readonly Int8Array[];
  /** What the simulator makes of them. */
  readonly expected: readonly Int8Array[];
}

/** Every operator of `model` on its own, so that the differences of two engines do not add up. */
export function operatorCases(model: TfliteModel, pictures: readonly Int8Array[]): OperatorCase[] {
  const simulator = new Simulator(model);
  const seen = pictures.map((picture) => {
    const values = new Map([[model.inputs[0] ?? 0, picture]]);
    simulator.run(picture, (made, numbers) => values.set(made, numbers.slice()));
    return values;
  });
  const numbersOf = (values: ReadonlyMap<number, Int8Array>, index: number) => values.get(index) ?? new Int8Array();
  return model.operators.map((operator) => {
    const made = madeInputs(model, operator);
    return {
      builtin: operator.builtin,
      model: alone(model, operator),
      inputs: seen.map((values) => Int8Array.from(made.flatMap((index) => [...numbersOf(values, index)]))),
      expected: seen.map((values) => numbersOf(values, operator.output)),
    };
  });
}

function madeInputs(model: TfliteModel, { inputs }: TfliteOperator): number[] {
  return inputs.filter((index) => tensorAt(model, index).data === undefined);
}

function alone(model: TfliteModel, operator: TfliteOperator): TfliteModel {
  const places = [...operator.inputs, operator.output];
  return {
    tensors: places.map((index) => tensorAt(model, index)),
    operators: [{ ...operator, inputs: operator.inputs.map((_, place) => place), output: places.length - 1 }],
    inputs: madeInputs(model, operator).map((index) => operator.inputs.indexOf(index)),
    outputs: [places.length - 1],
  };
}
