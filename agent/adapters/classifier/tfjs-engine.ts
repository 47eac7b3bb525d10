import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { Engine, ModelArguments } from './model-child.ts';

/** What is used of a tfjs tensor. */
export interface TfTensor {
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

/** What is used of a loaded model, graph model and SavedModel alike. */
export interface TfModel {
  readonly inputs: readonly { readonly shape?: readonly (number | null)[]; readonly dtype: string }[];
  predict(input: TfTensor): TfTensor;
}

/** What is used of @tensorflow/tfjs-node. The package is optional, so its own types are not at hand. */
export interface TfModule {
  readonly version: { readonly tfjs?: string };
  readonly node: { loadSavedModel(folder: string): Promise<TfModel> };
  loadGraphModel(url: string): Promise<TfModel>;
  tensor4d(data: Uint8Array, shape: readonly number[], type: string): TfTensor;
}

/**
 * Loads a SavedModel (`saved_model.pb`) or a tfjs graph model (`model.json`); other files of the model lie beside it. Its
 * pixels go in as they are, 0 to 255, as float32 or int32 as the model declares. Rejects with LinegateError 'bad-model'.
 */
export async function loadTfjs(tf: TfModule, { modelFile }: ModelArguments): Promise<Engine> {
  const model = await loadModel(tf, modelFile);
  const [input] = model.inputs;
  const [, heightPx, widthPx, channels] = input?.shape ?? [];
  if (input === undefined || !isSize(heightPx) || !isSize(widthPx) || !isSize(channels)) {
    throw new LinegateError(
      'bad-model',
      `The model ${modelFile} has no input of a fixed size [1, height, width, channels].`,
    );
  }
  const tensor = new Uint8Array(heightPx * widthPx * channels);
  const run = (): Promise<Float32Array> =>
    predict(model, tf.tensor4d(tensor, [1, heightPx, widthPx, channels], input.dtype));
  const labels = (await run()).length;
  return { name: `tfjs-node ${tf.version.tfjs ?? ''}`, input: { heightPx, widthPx, channels }, labels, tensor, run };
}

async function loadModel(tf: TfModule, modelFile: string): Promise<TfModel> {
  try {
    if (modelFile.endsWith('.json')) return await tf.loadGraphModel(pathToFileURL(modelFile).href);
    return await tf.node.loadSavedModel(dirname(modelFile));
  } catch (cause) {
    const message = `The model ${modelFile} is not one that tfjs-node can load: ${messageOf(cause)}`;
    throw new LinegateError('bad-model', message, { cause });
  }
}

async function predict(model: TfModel, input: TfTensor): Promise<Float32Array> {
  const output = model.predict(input);
  try {
    return Float32Array.from(await output.data());
  } finally {
    // Tensors live outside the garbage collector.
    input.dispose();
    output.dispose();
  }
}

function isSize(size: number | null | undefined): size is number {
  return typeof size === 'number' && size > 0;
}
