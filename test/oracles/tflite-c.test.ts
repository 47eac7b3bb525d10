import { after, describe, it } from 'node:test';
import { assertOneStep } from './compare.ts';
import { networks, randomInputs, tfliteNetwork } from './networks.ts';
import { operatorCases } from './operator-cases.ts';
import { openTfliteC } from './tflite-c.ts';

const PICTURES = 10;
const names = Object.keys(networks) as (keyof typeof networks)[];

describe('TensorFlow Lite’s C library, operator by operator', () => {
  const engine = openTfliteC();
  if (engine === undefined) {
    console.warn(
      'NOT RUN: TensorFlow Lite’s C library or a C compiler is missing; the second engine was not compared.',
    );
  }
  after(() => engine?.close());

  for (const name of engine === undefined ? [] : names) {
    it(`${name}: differs from the simulator by at most one step, and seldom`, async () => {
      const cases = operatorCases(await tfliteNetwork(name), randomInputs(PICTURES));
      for (const { builtin, model, inputs, expected } of cases) {
        const got = engine?.run(model, inputs) ?? new Int8Array();
        assertOneStep(builtin, expected, got);
      }
    });
  }
});
