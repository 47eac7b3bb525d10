import { Worker } from 'node:worker_threads';
import type { Tensor } from 'onnxruntime-node';
import { siblingEntry } from '../../../agent/core/entry.ts';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import type { EngineAnswer, EngineJob } from './engine-job.ts';
import { outputsOf } from './onnxruntime.ts';
import { openSession } from './session.ts';

/** What runs models over pictures: this thread, or one beside it. */
export interface Engine {
  /** The output `name` of a model for each of `pictures`. Rejects with LinegateError 'bad-model'. */
  outputs(model: Uint8Array, name: string, pictures: readonly Tensor[]): Promise<Float32Array[]>;
}

export const thisThread: Engine = {
  async outputs(model, name, pictures) {
    return outputsOf(await openSession(model), name, pictures);
  },
};

interface Waiting {
  readonly resolve: (outputs: Float32Array[]) => void;
  readonly reject: (error: Error) => void;
}

/** onnxruntime in a thread of its own: it runs a model while this one makes the next. */
export class ThreadEngine implements Engine {
  readonly #thread: Worker;
  readonly #waiting: Waiting[] = [];
  #ended: LinegateError | undefined;

  constructor() {
    this.#thread = new Worker(siblingEntry(import.meta.url, './engine-thread.ts'));
    this.#thread.on('message', (answer: EngineAnswer) => this.#answered(answer));
    this.#thread.on('error', (error) => this.#fail(messageOf(error)));
    this.#thread.on('exit', () => this.#fail('it was stopped'));
    // A program that waits for nothing else may end.
    this.#thread.unref();
  }

  outputs(model: Uint8Array, output: string, pictures: readonly Tensor[]): Promise<Float32Array[]> {
    if (this.#ended) return Promise.reject(this.#ended);
    const job: EngineJob = {
      model: alone(model),
      output,
      pictures: pictures.map(({ data, dims }) => ({ pixels: alone(data as Uint8Array), shape: dims })),
    };
    this.#thread.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#thread.postMessage(job);
    });
  }

  /** What still runs is rejected. */
  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #answered(answer: EngineAnswer): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#thread.unref();
    if (answer.ok) waiting?.resolve(answer.outputs);
    else waiting?.reject(new LinegateError(answer.code, answer.message));
  }

  #fail(reason: string): void {
    this.#ended ??= new LinegateError('device', `The thread that runs models ended (${reason}); try again.`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}

/** A view is sent to a thread with all that lies around it. */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
