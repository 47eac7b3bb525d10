import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { predictArena } from '../../tools/quantize/arena/predict.ts';
import { compareWith } from './compare.ts';
import { goldenNetwork } from './golden-networks.ts';
import { networks, randomInputs, tfliteNetwork } from './networks.ts';
import { hasTflm, runTflm } from './tflm.ts';

const names = Object.keys(networks) as (keyof typeof networks)[];
const host = { pointerBytes: 8, kernels: 'reference' } as const;

/** The prediction must hold what the interpreter needs and at most a tenth more. */
function assertArena(predicted: number, used: number): void {
  assert.ok(predicted >= used && predicted <= 1.1 * used, `predicted ${predicted}, used ${used} bytes`);
}

describe('golden outputs of TensorFlow Lite Micro', () => {
  for (const name of names) {
    it(`${name}: the simulator gives every one of them, and the arena is as predicted`, () => {
      const { model, run } = goldenNetwork(name);
      const expected = run.outputs;
      assert.equal(expected.length, 100);
      assert.ok(new Set(expected.map((row) => row.join())).size > 20, 'the outputs are hardly different');
      const { mismatches } = compareWith(model, randomInputs(expected.length), expected);
      assert.equal(mismatches, 0);
      assertArena(predictArena(model, host).totalBytes, run.arenaBytes);
    });
  }
});

describe('the interpreter of TensorFlow Lite Micro', () => {
  const present = hasTflm();
  if (!present) {
    console.warn(
      'NOT RUN: no Python here has tflite-micro (pip install --pre tflite-micro); only golden outputs were compared.',
    );
  }

  for (const name of present ? names : []) {
    it(`${name}: every number of every layer is the simulator's`, async () => {
      const model = await tfliteNetwork(name, true);
      const inputs = randomInputs(20);
      const { outputs, arenaBytes } = runTflm(model, inputs);
      const { numbers, mismatches } = compareWith(model, inputs, outputs);
      assert.equal(mismatches, 0);
      assert.ok(numbers > 20_000);
      assertArena(predictArena(model, host).totalBytes, arenaBytes);
    });

    it(`${name}: runs in an arena of the predicted size and not in a tenth less`, async () => {
      const model = await tfliteNetwork(name);
      const { totalBytes } = predictArena(model, host);
      assert.equal(runTflm(model, randomInputs(1), totalBytes).outputs.length, 1);
      assert.throws(() => runTflm(model, randomInputs(1), 0.9 * totalBytes));
    });
  }
});
