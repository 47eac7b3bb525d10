import { LinegateError } from '../../../agent/core/errors.ts';
import { tfliteModel } from '../emit/tflite.ts';
import { firmwareFiles } from '../firmware/bundle.ts';
import type { FirmwareRecipe } from '../firmware/model.ts';
import { spread } from '../images/list.ts';
import type { Graph } from '../ir/graph.ts';
import type { QuantPlan } from '../quantize/plan.ts';
import type { TfliteModel } from '../tflite/model.ts';
import type { GoldenCandidate } from './golden.ts';

/** Each takes the size of an input in flash, and one that differs is enough to stop a device. */
const FIRMWARE_PICTURES = 3;

/** The plan as a TFLite model, or in one sentence why TFLite cannot hold it. */
export type TfliteResult = { readonly model: TfliteModel } | { readonly refused: string };

/** What the ESP32 gets; a network that only ONNX can express still makes a bundle for the larger stations. */
export function tfliteOf(graph: Graph, plan: QuantPlan): TfliteResult {
  if (plan.float !== undefined) {
    const kept = [...plan.float].join(', ');
    return { refused: `TFLite for microcontrollers is integers throughout, and these layers stay float: ${kept}.` };
  }
  try {
    return { model: tfliteModel(graph, plan) };
  } catch (error) {
    if (error instanceof LinegateError && error.code === 'bad-model') return { refused: error.message };
    throw error;
  }
}

/** The model. Throws LinegateError 'bad-model' where there is none. */
export function neededTflite(result: TfliteResult): TfliteModel {
  if ('model' in result) return result.model;
  throw new LinegateError('bad-model', `The ESP32 cannot run this model: ${result.refused}`);
}

/** The firmware's model component by file name, with a few golden vectors. */
export function espFiles(
  recipe: FirmwareRecipe,
  model: TfliteModel,
  golden: readonly GoldenCandidate[],
): ReadonlyMap<string, string> {
  const pictures = spread(golden, FIRMWARE_PICTURES).map(({ pixels }) => pixels);
  return firmwareFiles(recipe, model, pictures);
}
