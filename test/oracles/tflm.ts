import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { elementsOf, type TfliteModel, tensorAt } from '../../tools/quantize/tflite/model.ts';
import { writeTflite } from '../../tools/quantize/tflite/write.ts';

/** A Python with the package `tflite-micro` (pip install --pre tflite-micro); LINEGATE_TFLM_PYTHON names another. */
const python = process.env['LINEGATE_TFLM_PYTHON'] ?? 'python3';
const ROOMY_ARENA_BYTES = 2 ** 24;
const TIMEOUT_MS = 240_000;

/** What the interpreter made of some inputs. */
export interface TflmRun {
  /** For every input the model's outputs. */
  readonly outputs: readonly (readonly Int8Array[])[];
  /** What its own record says that it used of the arena. */
  readonly arenaBytes: number;
}

/** Whether TensorFlow Lite Micro's interpreter is on this machine. */
export function hasTflm(): boolean {
  const code = 'from tflite_micro.python.tflite_micro import runtime';
  return spawnSync(python, ['-c', code], { timeout: 60_000 }).status === 0;
}

/** Runs the interpreter on int8 tensors. Throws RangeError when it does not run, as with too small an arena. */
export function runTflm(model: TfliteModel, inputs: readonly Int8Array[], arenaBytes = ROOMY_ARENA_BYTES): TflmRun {
  const folder = mkdtempSync(path.join(tmpdir(), 'tflm-'));
  const file = (name: string) => path.join(folder, name);
  try {
    writeFileSync(file('model.tflite'), writeTflite(model));
    writeFileSync(
      file('inputs.bin'),
      Buffer.concat(inputs.map((input) => Buffer.from(input.buffer, input.byteOffset, input.length))),
    );
    const script = path.join(import.meta.dirname, 'tflm.py');
    const files = [file('model.tflite'), file('inputs.bin'), file('outputs.bin')];
    const numbers = [String(model.outputs.length), String(arenaBytes)];
    const { status, stderr } = spawnSync(python, [script, ...files, ...numbers], {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    });
    if (status !== 0) throw new RangeError(`The interpreter ended with ${status}: ${stderr.trim().split('\n').at(-1)}`);
    const used = /Arena allocation total (\d+) bytes/.exec(stderr)?.[1];
    return { outputs: split(model, readFileSync(file('outputs.bin')), inputs.length), arenaBytes: Number(used) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function split(model: TfliteModel, bytes: Uint8Array, count: number): Int8Array[][] {
  const all = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return Array.from({ length: count }, () =>
    model.outputs.map((output) => {
      const length = elementsOf(tensorAt(model, output).shape);
      at += length;
      return all.slice(at - length, at);
    }),
  );
}
