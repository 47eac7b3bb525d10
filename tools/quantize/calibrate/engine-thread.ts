import { parentPort } from 'node:worker_threads';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import type { EngineAnswer, EngineJob } from './engine-job.ts';
import { openWith, outputsOf } from './onnxruntime.ts';

// Loaded at once, while the thread that asks reads its pictures.
const loading = import('onnxruntime-node');

async function run({ model, output, pictures }: EngineJob): Promise<Float32Array[]> {
  const { InferenceSession, Tensor } = await loading;
  const tensors = pictures.map(({ pixels, shape }) => new Tensor('uint8', pixels, shape));
  const session = await openWith(InferenceSession, model);
  try {
    return await outputsOf(session, output, tensors);
  } finally {
    await session.release();
  }
}

async function answerTo(job: EngineJob): Promise<EngineAnswer> {
  try {
    return { ok: true, outputs: await run(job) };
  } catch (error) {
    const code = error instanceof LinegateError ? error.code : 'missing-package';
    return { ok: false, code, message: messageOf(error) };
  }
}

// One by one: two models at once would hold twice the memory.
let last: Promise<unknown> = Promise.resolve();
parentPort?.on('message', (job: EngineJob) => {
  last = last.then(async () => parentPort?.postMessage(await answerTo(job)));
});
