import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openSession } from '../../../tools/quantize/calibrate/session.ts';
import type { Loaded } from './bench.ts';
import { floatOutputs, withoutSoftmax } from './float-model.ts';
import { writeNpy } from './npy.ts';

/** Another tool and how it is told to quantise. */
export interface PeerSetting {
  readonly tool: 'quantize_static' | 'TensorFlow Lite';
  readonly setting: string;
}

/** A file that another tool made. */
export interface PeerFile extends PeerSetting {
  readonly file: string;
  readonly sizeBytes: number;
  /** From the start of Python to its end. */
  readonly seconds: number;
  readonly peakMb: number;
  readonly versions: Readonly<Record<string, string>>;
}

const ONNX_SETTINGS = [
  'u8 min-max per channel',
  'u8 min-max per tensor',
  'u8 percentile 99.99 per channel',
  'u8 entropy per channel',
  'u8 moving average per channel',
  's8 min-max per channel',
];
const TFLITE_SETTINGS = ['TensorFlow Lite converter', 'onnx2tf per-channel', 'onnx2tf per-tensor'];

export const PEER_SETTINGS: readonly PeerSetting[] = [
  ...ONNX_SETTINGS.map((setting) => ({ tool: 'quantize_static' as const, setting })),
  ...TFLITE_SETTINGS.map((setting) => ({ tool: 'TensorFlow Lite' as const, setting })),
];

const TIMEOUT_MS = 600_000;
const answerSchema = z.object({ versions: z.record(z.string(), z.string()), peakMb: z.number() });
const script = (name: string): string => fileURLToPath(new URL(`../peers/${name}`, import.meta.url));

/** The interpreter that LINEGATE_PEERS_PYTHON names, or a sentence that says what it lacks. */
export function peersPython(): { readonly python: string } | { readonly lacking: string } {
  const python = process.env['LINEGATE_PEERS_PYTHON'] ?? 'python3';
  const { status, stderr, error } = spawnSync(python, ['-c', 'import onnx2tf, onnxruntime, tensorflow'], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (status === 0) return { python };
  const why = error?.message ?? stderr.trim().split('\n').at(-1);
  return {
    lacking: `${python} lacks the other tools (${why}); install test/bench/peers/requirements.txt and name that Python by LINEGATE_PEERS_PYTHON.`,
  };
}

/** Quantises a subject with another tool, from the same pictures. Throws RangeError with the tool's last words. */
export function runPeer({ tool, setting }: PeerSetting, loaded: Loaded, python: string, folder: string): PeerFile {
  const { subject, pictures } = loaded;
  const out = path.join(folder, 'peers', subject.name, setting.replaceAll(/[^a-z0-9]+/gi, '-'));
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const [float, npy] = [path.join(out, 'float.onnx'), path.join(out, 'calibration.npy')];
  writeFileSync(float, withoutSoftmax(readFileSync(subject.file)));
  writePictures(npy, loaded, pictures.calibration);
  const program = script(tool === 'quantize_static' ? 'onnxruntime_static.py' : 'tflite_converter.py');
  const start = performance.now();
  const answer = call(python, [program, float, npy, ...inputOf(subject), setting, out]);
  const seconds = (performance.now() - start) / 1000;
  const file = path.join(out, tool === 'quantize_static' ? 'model.onnx' : 'model.tflite');
  const { versions, peakMb } = answerSchema.parse(JSON.parse(answer.trim().split('\n').at(-1) ?? ''));
  return { tool, setting, file, sizeBytes: statSync(file).size, seconds, peakMb, versions };
}

/** The logits of every evaluation picture by a peer's file, in the engine that it is meant for. */
export async function peerLogits({ tool, file }: PeerFile, loaded: Loaded, python: string): Promise<Float32Array[]> {
  const { subject, pictures } = loaded;
  const pixels = pictures.evaluation.map((picture) => picture.pixels);
  if (tool === 'quantize_static') return floatOutputs(await openSession(readFileSync(file)), subject, pixels);
  const [npy, outputs] = [`${file}.npy`, `${file}.f32`];
  writePictures(npy, loaded, pictures.evaluation);
  call(python, [script('tflite_run.py'), file, npy, ...inputOf(subject), outputs]);
  const numbers = new Float32Array(Uint8Array.from(readFileSync(outputs)).buffer);
  const each = numbers.length / pixels.length;
  return pixels.map((_, i) => numbers.slice(i * each, (i + 1) * each));
}

function writePictures(file: string, { subject }: Loaded, pictures: readonly { readonly pixels: Uint8Array }[]): void {
  const { heightPx, widthPx, channels } = subject.size;
  writeNpy(
    file,
    pictures.map(({ pixels }) => pixels),
    [heightPx, widthPx, channels],
  );
}

function inputOf({ input }: Loaded['subject']): [string, string] {
  return [String(input.scale), String(input.zeroPoint)];
}

function call(python: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(python, args, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: 2 ** 26,
  });
  if (status === 0) return stdout;
  throw new RangeError(`${path.basename(args[0] ?? '')} ended with ${status}: ${stderr.trim().split('\n').at(-1)}`);
}
