import type { InferenceSession } from 'onnxruntime-node';
import { LinegateError, messageOf } from '../../core/errors.ts';
import { type Engine, type ModelArguments, readModel, serveModel } from './model-child.ts';

// The library reads this while it loads (design README, Runtime).
process.env['ORT_DISABLE_TELEMETRY'] = '1';

void serveModel(loadOnnx);

async function loadOnnx(given: ModelArguments): Promise<Engine> {
  const bytes = readModel(given);
  const { default: ort } = await import('onnxruntime-node');
  const session = await createSession(ort.InferenceSession, bytes, given.modelFile);
  const { shape, labels } = checkShapes(session, given);
  const [, heightPx = 0, widthPx = 0, channels = 0] = shape;
  const tensor = new Uint8Array(heightPx * widthPx * channels);
  const feeds = { [given.inputName]: new ort.Tensor('uint8', tensor, shape) };
  return {
    name: `onnxruntime ${ort.env.versions.node ?? ''} cpu`,
    input: { heightPx, widthPx, channels },
    labels,
    tensor,
    run: async () => {
      const data = (await session.run(feeds))[given.outputName]?.data;
      if (data instanceof Float32Array) return data;
      throw new LinegateError('bad-model', `The model gave no float32 output ${given.outputName}.`);
    },
  };
}

async function createSession(
  factory: typeof InferenceSession,
  bytes: Uint8Array,
  modelFile: string,
): Promise<InferenceSession> {
  try {
    return await factory.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
  } catch (cause) {
    const why = messageOf(cause);
    throw new LinegateError('bad-model', `The model ${modelFile} is not one that onnxruntime can load: ${why}`, {
      cause,
    });
  }
}

/** The sizes of the one uint8 NHWC input and of the one float32 output. Throws LinegateError 'bad-model'. */
function checkShapes(session: InferenceSession, given: ModelArguments): { shape: number[]; labels: number } {
  const shape = tensorShape(session.inputMetadata, given.inputName, 'uint8');
  const [, labels = 0, ...more] = tensorShape(session.outputMetadata, given.outputName, 'float32');
  if (shape.length === 4 && shape[0] === 1 && labels > 0 && more.length === 0) return { shape, labels };
  throw new LinegateError(
    'bad-model',
    `The model ${given.modelFile} is not from uint8 [1, height, width, channels] to float32 [1, labels]: quantise it with linegate.`,
  );
}

/** The shape of a named tensor; empty when there is none of that type and fixed shape, or more than this one. */
function tensorShape(metadata: readonly InferenceSession.ValueMetadata[], name: string, type: string): number[] {
  const [only, ...more] = metadata;
  if (more.length > 0 || !only?.isTensor || only.name !== name || only.type !== type) return [];
  return only.shape.every((size) => typeof size === 'number') ? [...only.shape] : [];
}
