import type { Tensor } from 'onnxruntime-node';
import { openSession, runSession } from '../calibrate/session.ts';
import { exposedName } from '../emit/onnx-file.ts';
import { qdqOnnx } from '../emit/qdq-onnx.ts';
import { tfliteModel } from '../emit/tflite.ts';
import type { Graph } from '../ir/graph.ts';
import { transposed } from '../onnx/reorder.ts';
import type { QuantPlan } from '../quantize/plan.ts';
import { Simulator } from '../sim/simulator.ts';
import type { BuiltinName } from '../tflite/builtins.ts';
import { type TfliteTensor, tensorAt } from '../tflite/model.ts';

/** How two engines' integers of one kind of operator differ when both are given the same inputs. */
export interface StepDifference {
  readonly numbers: number;
  readonly different: number;
  /** The largest difference, in steps. */
  readonly furthest: number;
}

/**
 * Compares the simulator with onnxruntime operator by operator: each simulated operator gets what onnxruntime made of the
 * values before it, so that differences do not add up. On a CPU without VNNI onnxruntime's sums saturate (report/cpu.ts).
 */
export async function compareOperators(
  graph: Graph,
  plan: QuantPlan,
  pictures: readonly Tensor[],
): Promise<ReadonlyMap<BuiltinName, StepDifference>> {
  const values = graph.nodes.map(({ output }) => output);
  const session = await openSession(qdqOnnx(graph, plan, values));
  const model = tfliteModel(graph, plan);
  const simulator = new Simulator(model);
  const kinds = new Map(model.operators.map(({ output, builtin }) => [output, builtin]));
  const differences = new Map<BuiltinName, StepDifference>();
  for (const picture of pictures) {
    const real = await runSession(session, picture);
    simulator.run(
      Int8Array.from(picture.data as Uint8Array, (pixel) => pixel - 128),
      (made, numbers) => {
        const tensor = tensorAt(model, made);
        const theirs = real.get(exposedName(tensor.name));
        const kind = kinds.get(made);
        if (theirs === undefined || kind === undefined) return;
        const expected = storedIntegers(tensor, theirs);
        differences.set(kind, added(differences.get(kind), numbers, expected));
        numbers.set(expected);
      },
    );
  }
  return differences;
}

/** onnxruntime's real numbers, channels first, as the tensor's integers, channels last. */
function storedIntegers({ shape, quantisation }: TfliteTensor, real: Float32Array): Int8Array {
  const { scales, zeroPoint = 0 } = quantisation ?? {};
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const turned = shape.length === 4 ? transposed(real, [batch, channels, height, width], [0, 2, 3, 1]).data : real;
  return Int8Array.from(turned, (number) => Math.round(number / (scales?.[0] ?? 1)) + zeroPoint);
}

function added(before: StepDifference | undefined, ours: Int8Array, theirs: Int8Array): StepDifference {
  const steps = Array.from(ours, (number, i) => Math.abs(number - (theirs[i] ?? 0)));
  return {
    numbers: (before?.numbers ?? 0) + steps.length,
    different: (before?.different ?? 0) + steps.filter((step) => step > 0).length,
    furthest: steps.reduce((most, step) => Math.max(most, step), before?.furthest ?? 0),
  };
}
