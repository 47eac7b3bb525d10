import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';

/** Errors only: its warnings about hardware-bound files are meant for others. */
const LOG_ERRORS = 3;
const LONGEST_MESSAGE = 300;

/** Opens a model on one thread, so that figures are alike from run to run. Throws LinegateError 'bad-model'. */
export async function openWith(
  factory: typeof InferenceSession,
  model: Uint8Array,
  options: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  try {
    return await factory.create(model, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: LOG_ERRORS,
      ...options,
    });
  } catch (error) {
    throw new LinegateError('bad-model', `onnxruntime does not open the model (${shortened(messageOf(error))}).`, {
      cause: error,
    });
  }
}

/** onnxruntime's messages may be pages long and hold anything that the file holds. */
function shortened(message: string): string {
  const line = message.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}...` : line;
}

/** Runs the model and gives the float outputs by name. Throws LinegateError 'bad-model'. */
export async function runSession(session: InferenceSession, input: Tensor): Promise<ReadonlyMap<string, Float32Array>> {
  try {
    const results = await session.run({ [session.inputNames[0] ?? '']: input });
    return new Map(Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]));
  } catch (error) {
    throw new LinegateError('bad-model', `onnxruntime cannot run the model (${shortened(messageOf(error))}).`, {
      cause: error,
    });
  }
}

/** The output `name` of a model for each of `pictures`. Throws LinegateError 'bad-model'. */
export async function outputsOf(
  session: InferenceSession,
  name: string,
  pictures: readonly Tensor[],
): Promise<Float32Array[]> {
  const outputs: Float32Array[] = [];
  for (const picture of pictures) outputs.push((await runSession(session, picture)).get(name) ?? new Float32Array());
  return outputs;
}
