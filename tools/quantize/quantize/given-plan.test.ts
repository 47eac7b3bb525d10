import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openSession, pictureTensor, runSession } from '../calibrate/session.ts';
import { tune } from '../calibrate/tune.ts';
import { OUTPUT_NAME } from '../emit/onnx-file.ts';
import { qdqOnnx } from '../emit/qdq-onnx.ts';
import { tfliteModel } from '../emit/tflite.ts';
import { readModel } from '../onnx/codec.ts';
import { type OnnxGraph, onnxGraph } from '../onnx/graph.ts';
import { compile } from '../passes/pipeline.ts';
import { Simulator } from '../sim/simulator.ts';
import { randomPixels } from '../testing/same-output.ts';
import { Original } from '../verify/original.ts';

const folder = path.join(import.meta.dirname, '../../../test/fixtures/onnx');
const files = globSync('qdq-*.onnx', { cwd: folder }).sort();
const SIZE = { heightPx: 16, widthPx: 16, channels: 3 };

/** The numbers of every stored convolution whose zero point is zero, sorted, as one text each. */
function storedConvolutions({ nodes, constants }: OnnxGraph): string[] {
  return nodes.flatMap(({ opType, inputs: [stored = '', , zero = ''] }) => {
    const integers = constants.get(stored);
    const aboutZero = Array.from(constants.get(zero)?.data ?? []).every((one) => one === 0);
    const fits = opType === 'DequantizeLinear' && integers?.kind === 'byte' && integers.shape.length === 4;
    return fits && aboutZero ? [sorted(integers.data)] : [];
  });
}

function sorted(numbers: ArrayLike<number>): string {
  return Array.from(numbers)
    .sort((a, b) => a - b)
    .join();
}

/** The scales of all values, not of the two gates that TFLite wants in steps of 1/256. */
function activationScales({ nodes, constants }: OnnxGraph): number[] {
  const ofGates = nodes.filter(({ opType }) => opType === 'Sigmoid' || opType === 'Unsqueeze');
  const gates = new Set(ofGates.flatMap(({ outputs }) => outputs));
  return nodes
    .filter(({ opType, inputs }) => opType === 'QuantizeLinear' && !gates.has(inputs[0] ?? ''))
    .map(({ inputs }) => constants.get(inputs[1] ?? '')?.data[0] ?? 0);
}

async function quantised(name: string) {
  const file = readFileSync(path.join(folder, name));
  const graph = compile(file, SIZE);
  const pictures = Array.from({ length: 8 }, (_, i) => randomPixels(16 * 16 * 3, i + 1));
  const tuned = await tune(
    graph,
    pictures.map((picture) => pictureTensor(picture, [1, 16, 16, 3])),
  );
  return { file, pictures, graph: tuned.graph, plan: tuned.candidates[0].plan };
}

describe('a file that onnxruntime quantised', () => {
  it('is there in several forms', () => assert.equal(files.length, 7));

  for (const name of files) {
    it(`${name}: keeps its scales, and its scores to a few steps`, async () => {
      const { file, pictures, graph, plan } = await quantised(name);
      const original = await Original.open(file, graph);
      await original.checkSame(pictures);
      const ours = await openSession(qdqOnnx(graph, plan));
      const simulator = new Simulator(tfliteModel(graph, plan));
      for (const picture of pictures) {
        const [theirs = new Float32Array()] = (await runSession(original.session, original.input(picture))).values();
        // Only one of the networks ends with Softmax itself.
        const expected = name.includes('separable') ? [...theirs] : softmaxOf(theirs);
        const scores = (await runSession(ours, pictureTensor(picture, [1, 16, 16, 3]))).get(OUTPUT_NAME);
        assertNear([...(scores ?? [])], expected);
        assertNear(simulator.scores(picture), expected);
      }
    });

    it(`${name}: has the file's very scales and the integers of its convolutions`, async () => {
      const { file, plan } = await quantised(name);
      const onnx = onnxGraph(readModel(file));
      const scales = new Set([...plan.activations.values()].map(({ scale }) => scale));
      assert.ok(activationScales(onnx).length >= 8);
      // A layer takes in the most of a HardSigmoid behind it, and the value between them is gone.
      const gone = name.includes('excited') ? 1 : 0;
      assert.equal(activationScales(onnx).filter((scale) => !scales.has(scale)).length, gone);
      const layers = new Set([...plan.layers.values()].map(({ weights }) => sorted(weights)));
      const stored = storedConvolutions(onnx);
      assert.ok(stored.length >= (name.includes('u8u8') ? 0 : 2));
      for (const integers of stored) assert.ok(layers.has(integers));
    });
  }
});

/** A step of the scores is 1/256. */
function assertNear(scores: readonly number[], expected: readonly number[]): void {
  assert.equal(scores.length, expected.length);
  for (const [i, score] of scores.entries()) {
    assert.ok(Math.abs(score - (expected[i] ?? 0)) < 2 / 256, `${scores} instead of ${expected}`);
  }
}

function softmaxOf(logits: Float32Array): number[] {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (one) => Math.exp(one - largest));
  const sum = powers.reduce((all, one) => all + one, 0);
  return powers.map((one) => one / sum);
}
