import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { networks, randomInputs, tfliteNetwork } from './networks.ts';
import { operatorCases } from './operator-cases.ts';
import { runTfliteWeb } from './tflite-web.ts';

const PICTURES = 5;
const LARGEST_SHARE = 0.015;
const names = Object.keys(networks) as (keyof typeof networks)[];

describe('TensorFlow Lite as WebAssembly, operator by operator', () => {
  for (const name of names) {
    it(`${name}: differs from the simulator by at most one step, and seldom`, async () => {
      const cases = operatorCases(await tfliteNetwork(name), randomInputs(PICTURES));
      for (const { builtin, model, inputs, expected } of cases) {
        const got = await runTfliteWeb(model, inputs);
        const ours = expected.flatMap((output) => [...output]);
        assert.equal(got.length, ours.length, builtin);
        const steps = ours.map((number, i) => Math.abs(number - (got[i] ?? 0)));
        const different = steps.filter((step) => step > 0).length;
        assert.ok(Math.max(...steps) <= 1, `${builtin}: ${Math.max(...steps)} steps`);
        assert.ok(different <= Math.max(1, LARGEST_SHARE * ours.length), `${builtin}: ${different} of ${ours.length}`);
      }
    });
  }
});
