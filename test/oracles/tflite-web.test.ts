import { describe, it } from 'node:test';
import { assertOneStep } from './compare.ts';
import { networks, randomInputs, tfliteNetwork } from './networks.ts';
import { operatorCases } from './operator-cases.ts';
import { runTfliteWeb } from './tflite-web.ts';

const PICTURES = 5;
const names = Object.keys(networks) as (keyof typeof networks)[];

describe('TensorFlow Lite as WebAssembly, operator by operator', () => {
  for (const name of names) {
    it(`${name}: differs from the simulator by at most one step, and seldom`, async () => {
      const cases = operatorCases(await tfliteNetwork(name), randomInputs(PICTURES));
      for (const { builtin, model, inputs, expected } of cases) {
        const got = await runTfliteWeb(model, inputs);
        assertOneStep(builtin, expected, got);
      }
    });
  }
});
