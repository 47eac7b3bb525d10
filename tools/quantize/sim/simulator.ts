import { LinegateError } from '../../../agent/core/errors.ts';
import { prepareOperator } from '../ops/integers.ts';
import { elementsOf, type TfliteModel, type TfliteTensor, tensorAt } from '../tflite/model.ts';
import type { Integers, Invoke } from './kernel.ts';

interface Step {
  readonly invoke: Invoke;
  readonly inputs: readonly Integers[];
  readonly output: Int8Array;
  /** The place of the output in the model's list of tensors. */
  readonly made: number;
}

/** Is told of every tensor as it is made; what it changes is what the operators behind see. */
export type Watcher = (tensor: number, numbers: Int8Array) => void;

/** uint8 pixels are TFLite's int8 plus this. */
const INT8_OFFSET = 128;

/** Runs an INT8 TFLite model with the very integers of TensorFlow Lite Micro's reference kernels (and so of ESP-NN's). */
export class Simulator {
  readonly #model: TfliteModel;
  readonly #values: readonly Integers[];
  readonly #steps: readonly Step[];

  /** Throws LinegateError 'bad-model' when the model holds what the simulator cannot run. */
  constructor(model: TfliteModel) {
    this.#model = model;
    this.#values = model.tensors.map((tensor) => tensor.data ?? room(tensor));
    this.#steps = model.operators.map((operator) => {
      const inputs = operator.inputs.filter((index) => index >= 0);
      const output = this.#values[operator.output];
      if (!(output instanceof Int8Array)) {
        throw new LinegateError('bad-model', `The output of a ${operator.builtin} is not int8.`);
      }
      const site = {
        operator,
        inputs: inputs.map((index) => tensorAt(model, index)),
        output: tensorAt(model, operator.output),
      };
      const values = inputs.map((index) => this.#integers(index));
      return { invoke: prepareOperator(site), inputs: values, output, made: operator.output };
    });
  }

  /** The model's outputs, one after the other, for the int8 tensor `input`. */
  run(input: Int8Array, watch?: Watcher): Int8Array[] {
    const given = this.#integers(this.#model.inputs[0] ?? -1);
    if (given.length !== input.length) {
      throw new LinegateError('illegal-input', `The model takes ${given.length} numbers, ${input.length} were given.`);
    }
    given.set(input);
    for (const { invoke, inputs, output, made } of this.#steps) {
      invoke(inputs, output);
      watch?.(made, output);
    }
    return this.#model.outputs.map((index) => Int8Array.from(this.#integers(index)));
  }

  /** The first output, as stored, for uint8 pixels [height, width, channels]. */
  storedScores(pixels: Uint8Array): Int8Array {
    const [scores = new Int8Array()] = this.run(Int8Array.from(pixels, (pixel) => pixel - INT8_OFFSET));
    return scores;
  }

  /** The scores, 0 to 1, for uint8 pixels [height, width, channels]. */
  scores(pixels: Uint8Array): number[] {
    const { scales, zeroPoint = 0 } = tensorAt(this.#model, this.#model.outputs[0]).quantisation ?? {};
    return Array.from(this.storedScores(pixels), (stored) => (stored - zeroPoint) * (scales?.[0] ?? 1));
  }

  #integers(index: number): Integers {
    const values = this.#values[index];
    if (values === undefined) throw new LinegateError('bad-model', `The TFLite model has no tensor ${index}.`);
    return values;
  }
}

/** No tensor of a network for a microcontroller is larger. */
const MOST_ELEMENTS = 2 ** 25;

function room({ name, type, shape }: TfliteTensor): Integers {
  const length = elementsOf(shape);
  if (!Number.isInteger(length) || length < 0 || length > MOST_ELEMENTS) {
    throw new LinegateError('bad-model', `The tensor "${name}" has the shape [${shape}].`);
  }
  return type === 'int8' ? new Int8Array(length) : new Int32Array(length);
}
