import { createHash } from 'node:crypto';
import { readFileSync, readSync, writeSync } from 'node:fs';
import { exitCodeOf, LinegateError, messageOf } from '../../core/errors.ts';
import { encodeFrame, encodeScores, FRAME_TYPES, HEADER_BYTES, MAX_ANSWER_BYTES, PROTOCOL_VERSION } from './frames.ts';

const REQUESTS_FD = 0;
const ANSWERS_FD = 3;

/** What a model child is told on its command line, in this order. */
export interface ModelArguments {
  readonly modelFile: string;
  readonly sha256: string;
  readonly inputName: string;
  readonly outputName: string;
}

/** A loaded model. */
export interface Engine {
  /** Name and version of what runs it. */
  readonly name: string;
  readonly input: { readonly heightPx: number; readonly widthPx: number; readonly channels: number };
  readonly labels: number;
  /** uint8 NHWC memory that `run` reads; requests are read straight into it. */
  readonly tensor: Uint8Array;
  /** One score per label. */
  run(): Promise<Float32Array>;
}

/** The model's bytes, checked against the digest. Throws LinegateError 'bad-model'. */
export function readModel({ modelFile, sha256 }: ModelArguments): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(modelFile);
  } catch (cause) {
    throw new LinegateError('bad-model', `The model ${modelFile} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest === sha256) return bytes;
  throw new LinegateError(
    'bad-model',
    `The model ${modelFile} has the digest ${digest} and its manifest says ${sha256}: restore the file or its manifest.`,
  );
}

/**
 * The main function of a process that runs a model (docs/classifier-protocol.md): loads it, says hello and answers
 * requests until its input ends. It has nothing else to do, so it reads and writes blocking, which is fastest.
 */
export async function serveModel(load: (given: ModelArguments) => Promise<Engine>): Promise<never> {
  try {
    const [, , modelFile = '', sha256 = '', inputName = '', outputName = ''] = process.argv;
    const engine = await load({ modelFile, sha256, inputName, outputName });
    // The first run allocates; it should not cost the first part its verdict.
    await engine.run();
    const { name, input, labels } = engine;
    const hello = { protocol: PROTOCOL_VERSION, engine: name, modelSha256: sha256, input, labels };
    answer(FRAME_TYPES.hello, 0, Buffer.from(JSON.stringify(hello)));
    await serveRequests(engine);
    process.exit(0);
  } catch (error) {
    complain(0, error);
    process.exit(exitCodeOf(error));
  }
}

async function serveRequests(engine: Engine): Promise<void> {
  const header = Buffer.alloc(HEADER_BYTES);
  while (readWhole(header)) {
    const payloadBytes = header.readUInt32LE(0);
    const id = header.readUInt32LE(5);
    if (header.readUInt8(4) !== FRAME_TYPES.infer || payloadBytes !== engine.tensor.length) {
      throw new LinegateError(
        'bad-message',
        `A request of ${payloadBytes} bytes is not a tensor of ${engine.tensor.length}.`,
      );
    }
    if (!readWhole(engine.tensor)) return;
    await answerRequest(engine, id);
  }
}

async function answerRequest(engine: Engine, id: number): Promise<void> {
  try {
    const startNs = process.hrtime.bigint();
    const scores = await engine.run();
    answer(FRAME_TYPES.scores, id, encodeScores(process.hrtime.bigint() - startNs, scores));
  } catch (error) {
    complain(id, error);
  }
}

/** Fills `bytes` from the input; false when the input has ended. */
function readWhole(bytes: Uint8Array): boolean {
  for (let done = 0; done < bytes.length; ) {
    const count = readSync(REQUESTS_FD, bytes, done, bytes.length - done, null);
    if (count === 0) return false;
    done += count;
  }
  return true;
}

function complain(id: number, error: unknown): void {
  try {
    answer(FRAME_TYPES.error, id, Buffer.from(messageOf(error).slice(0, MAX_ANSWER_BYTES / 4)));
  } catch {
    // Nobody listens any more; the exit status still tells.
  }
}

function answer(type: number, id: number, payload: Uint8Array): void {
  const bytes = encodeFrame(type, id, payload);
  for (let done = 0; done < bytes.length; ) done += writeSync(ANSWERS_FD, bytes, done);
}
