// A child process of fuzz-onnx.ts: compiles damaged files, one a message, and says how each ended.

import process from 'node:process';
import { LinegateError } from '../../agent/core/errors.ts';
import { predictArena } from '../../tools/quantize/arena/predict.ts';
import { openSession } from '../../tools/quantize/calibrate/session.ts';
import { qdqOnnx } from '../../tools/quantize/emit/qdq-onnx.ts';
import { tfliteModel } from '../../tools/quantize/emit/tflite.ts';
import { type Graph, shapeOf } from '../../tools/quantize/ir/graph.ts';
import { compile } from '../../tools/quantize/passes/pipeline.ts';
import { randomPixels } from '../../tools/quantize/testing/same-output.ts';
import { testPlan } from '../../tools/quantize/testing/test-plan.ts';
import { readTflite } from '../../tools/quantize/tflite/read.ts';
import { writeTflite } from '../../tools/quantize/tflite/write.ts';
import { Original } from '../../tools/quantize/verify/original.ts';
import type { CaseAnswer, CaseQuestion } from './case-protocol.ts';
import { mutation } from './mutate.ts';
import { seedFiles } from './seed-files.ts';

/** What a person can read: one line, neither empty nor endless, with an end. */
const SENTENCE = /^[^\p{Cc}\u2028\u2029]{10,600}[.?]$/u;
const files = seedFiles();

process.on('message', (question: CaseQuestion) => {
  void answer(question).then((answered) => process.send?.(answered));
});

async function answer({ seed }: CaseQuestion): Promise<CaseAnswer> {
  const { name, file, size } = files[seed % files.length] ?? files[0];
  const { bytes, changes } = mutation(file, seed);
  const started = process.hrtime.bigint();
  const ended = await endOf(bytes, size);
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  return { ...ended, seed, ms, peakMb, file: name, changes };
}

async function endOf(
  bytes: Uint8Array,
  size: Parameters<typeof compile>[1],
): Promise<Pick<CaseAnswer, 'end' | 'text'>> {
  try {
    await useAll(bytes, compile(bytes, size));
    return { end: 'made', text: '' };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (!(error instanceof LinegateError && SENTENCE.test(text))) {
      return { end: 'fault', text: error instanceof Error ? String(error.stack) : text };
    }
    return { end: text.startsWith('The model was not understood') ? 'misread' : 'sentence', text };
  }
}

/** All that `linegate quantize` does with a file that it could read. */
async function useAll(bytes: Uint8Array, graph: Graph): Promise<void> {
  const original = await Original.open(bytes, graph);
  await original.checkSame([randomPixels(shapeOf(graph, graph.input).reduce((all, side) => all * side, 1))]);
  const plan = testPlan(graph);
  await openSession(qdqOnnx(graph, plan));
  predictArena(readTflite(writeTflite(tfliteModel(graph, plan))));
}
