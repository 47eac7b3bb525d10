import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { TfliteModel } from '../../tools/quantize/tflite/model.ts';
import { writeTflite } from '../../tools/quantize/tflite/write.ts';

/** What is used of TFLiteWebModelRunner of the npm package @tensorflow/tfjs-tflite 0.0.1-alpha.10 (TensorFlow Lite with XNNPACK). */
interface Runner {
  getInputs(): readonly { data(): Int8Array }[];
  getOutputs(): readonly { data(): Int8Array }[];
  infer(): boolean;
  cleanUp(): void;
}

interface Client {
  readonly tfweb: {
    readonly tflite_web_api: { setWasmPath(folder: string): void };
    readonly TFLiteWebModelRunner: {
      create(model: ArrayBuffer, options: { readonly numThreads: number }): Promise<Runner>;
    };
  };
}

const require = createRequire(import.meta.url);
let client: Client | undefined;

/** TensorFlow Lite as WebAssembly: all outputs of each of `inputs`, one after the other. */
export async function runTfliteWeb(model: TfliteModel, inputs: readonly Int8Array[]): Promise<Int8Array> {
  client ??= openClient();
  const bytes = Uint8Array.from(writeTflite(model));
  const runner = await client.tfweb.TFLiteWebModelRunner.create(bytes.buffer, { numThreads: 1 });
  try {
    const outputs: number[] = [];
    for (const input of inputs) {
      writeInputs(runner, input);
      if (!runner.infer()) throw new RangeError('TensorFlow Lite as WebAssembly could not run the model.');
      for (const output of runner.getOutputs()) outputs.push(...output.data());
    }
    return Int8Array.from(outputs);
  } finally {
    runner.cleanUp();
  }
}

/** All inputs lie one after the other. */
function writeInputs(runner: Runner, all: Int8Array): void {
  let at = 0;
  for (const input of runner.getInputs()) {
    const data = input.data();
    data.set(all.subarray(at, at + data.length));
    at += data.length;
  }
}

/** The library believes that it is in a browser's worker: it gets what it would ask for there. */
function openClient(): Client {
  const folder = path.join(path.dirname(require.resolve('@tensorflow/tfjs-tflite/package.json')), 'wasm');
  const program = path.join(folder, 'tflite_web_api_cc_simd');
  const factory = require(`${program}.js`) as (options: object) => unknown;
  const wasmBinary = readFileSync(`${program}.wasm`);
  Object.assign(globalThis, {
    self: globalThis,
    location: { origin: '', href: '' },
    importScripts: () => undefined,
    tflite_web_api_ModuleFactory: (options: object) => factory({ ...options, wasmBinary }),
  });
  const found = require(path.join(folder, 'tflite_web_api_client.js')) as Client;
  found.tfweb.tflite_web_api.setWasmPath(`${folder}/`);
  return found;
}
