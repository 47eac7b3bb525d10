import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LinegateError } from '../../../agent/core/errors.ts';
import { predictArena } from '../arena/predict.ts';
import { readTflite } from '../tflite/read.ts';
import { Simulator } from './simulator.ts';

const golden = path.join(import.meta.dirname, '../../../test/golden/tflm');
const file = readFileSync(path.join(golden, 'all-operators.tflite'));
const PIXELS = 16 * 16 * 3;

describe('the simulator', () => {
  const simulator = new Simulator(readTflite(file));

  it('gives scores of 0 to 1 that add up to about one, from uint8 pixels', () => {
    const scores = simulator.scores(new Uint8Array(PIXELS).fill(200));
    assert.equal(scores.length, 5);
    assert.ok(scores.every((score) => score >= 0 && score < 1 && Number.isInteger(score * 256)));
    assert.ok(Math.abs(scores.reduce((sum, one) => sum + one, 0) - 1) <= 5 / 256);
  });

  it('remembers nothing of the picture before', () => {
    const first = simulator.run(new Int8Array(PIXELS).fill(50));
    simulator.run(new Int8Array(PIXELS).fill(-100));
    assert.deepEqual(simulator.run(new Int8Array(PIXELS).fill(50)), first);
  });

  it('shows every tensor as it is made, and goes on with what the watcher makes of it', () => {
    const made: number[] = [];
    const plain = simulator.run(new Int8Array(PIXELS), (tensor) => made.push(tensor));
    assert.equal(new Set(made).size, readTflite(file).operators.length);
    const changed = simulator.run(new Int8Array(PIXELS), (tensor, numbers) => {
      if (tensor === made[0]) numbers.fill(127);
    });
    assert.notDeepEqual(changed, plain);
  });

  it('refuses a picture of another size', () => {
    assert.throws(() => simulator.run(new Int8Array(7)), /takes 768 numbers, 7 were given/);
  });

  it('runs a broken file or refuses it with one sentence', () => {
    const change = fc.tuple(fc.integer({ min: 0, max: file.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const broken = Uint8Array.from(file);
        for (const [at, value] of changes) broken[at] = value;
        try {
          const model = readTflite(broken);
          const simulated = new Simulator(model);
          assert.ok(predictArena(model).totalBytes > 0);
          simulated.run(new Int8Array(PIXELS));
        } catch (error) {
          assert.ok(error instanceof LinegateError, String(error));
        }
      }),
      { numRuns: 300 },
    );
  });
});
