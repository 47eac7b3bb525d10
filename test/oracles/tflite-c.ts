import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { TfliteModel } from '../../tools/quantize/tflite/model.ts';
import { writeTflite } from '../../tools/quantize/tflite/write.ts';

/**
 * TensorFlow Lite's C library 2.9 from the npm package tfjs-tflite-node 0.0.2 (Apache-2.0), a development dependency whose
 * install script never runs; LINEGATE_TFLITE_C names another folder of its form.
 */
const require = createRequire(import.meta.url);
const folder = process.env['LINEGATE_TFLITE_C'] ?? path.dirname(require.resolve('tfjs-tflite-node/package.json'));
const library = path.join(folder, 'cc_deps', process.arch === 'arm64' ? 'linux_arm64' : 'linux_amd64');
const TIMEOUT_MS = 60_000;

/** The library as a program that runs a model on inputs; `close` removes it. */
export interface TfliteC {
  /** All outputs of each input, one after the other; `model` is one of ours or the bytes of a file. */
  run(model: TfliteModel | Uint8Array, inputs: readonly Int8Array[]): Int8Array;
  close(): void;
}

/** Builds the program; undefined where the library or a compiler is missing. */
export function openTfliteC(): TfliteC | undefined {
  const compiler = ['clang', 'clang-19', 'gcc'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (compiler === undefined || !existsSync(library)) return undefined;
  const work = mkdtempSync(path.join(tmpdir(), 'tflite-c-'));
  const file = (name: string) => path.join(work, name);
  const source = path.join(import.meta.dirname, 'tflite-c.c');
  const flags = ['-O1', '-I', path.join(folder, 'cc_deps/include'), '-L', library, '-ltensorflowlite_c'];
  call(compiler, [source, '-o', file('program'), ...flags, `-Wl,-rpath,${library}`]);
  return {
    run(model, inputs) {
      writeFileSync(file('model.tflite'), model instanceof Uint8Array ? model : writeTflite(model));
      writeFileSync(
        file('inputs.bin'),
        Buffer.concat(inputs.map((one) => Buffer.from(one.buffer, one.byteOffset, one.length))),
      );
      call(file('program'), ['model.tflite', 'inputs.bin', 'outputs.bin'].map(file));
      return Int8Array.from(readFileSync(file('outputs.bin')));
    },
    close: () => rmSync(work, { recursive: true }),
  };
}

function call(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: TIMEOUT_MS });
  if (status !== 0) throw new RangeError(`${path.basename(program)} ended with ${status}: ${stderr.slice(-500)}`);
}
