import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LinegateError } from '../errors.ts';
import type { Frame, PreprocessSpec } from '../frame.ts';
import { Preprocessor } from './preprocess.ts';
import { regionPixels } from './region.ts';

const whole = { x: 0, y: 0, width: 1, height: 1 };
const spec: PreprocessSpec = { colour: 'rgb', widthPx: 2, heightPx: 2, region: whole };
const stamp = { sensorNs: 0, clock: 'monotonic', sequence: 0 } as const;

function frame(format: Frame['format'], widthPx: number, heightPx: number, strideBytes: number, bytes: number): Frame {
  return { data: new Uint8Array(bytes).fill(128), format, widthPx, heightPx, strideBytes, ...stamp };
}

function refuses(act: () => unknown, code: string, message: string): void {
  assert.throws(act, (error) => {
    assert.ok(error instanceof LinegateError);
    assert.deepEqual([error.code, error.message], [code, message]);
    return true;
  });
}

describe('Preprocessor', () => {
  it('averages four pixels into one', () => {
    const data = new Uint8Array([0, 100, 50, 51]);
    const grey: Frame = { data, format: 'grey', widthPx: 2, heightPx: 2, strideBytes: 2, ...stamp };
    const tensor = Preprocessor.create({ ...spec, colour: 'grey', widthPx: 1, heightPx: 1 }).run(grey);
    assert.deepEqual([...tensor], [50]);
  });

  it('reads limited range: 16 is black, 235 is white, and chroma turns red', () => {
    const pixels = (y: number, u: number, v: number): Frame => {
      const data = new Uint8Array([y, y, y, y, u, v]);
      return { data, format: 'nv12', widthPx: 2, heightPx: 2, strideBytes: 2, ...stamp };
    };
    const one = Preprocessor.create({ ...spec, widthPx: 1, heightPx: 1 });
    assert.deepEqual([...one.run(pixels(16, 128, 128))], [0, 0, 0]);
    assert.deepEqual([...one.run(pixels(235, 128, 128))], [255, 255, 255]);
    assert.deepEqual([...one.run(pixels(81, 90, 240))], [254, 0, 0]);
  });

  it('gives a fresh tensor each time', () => {
    const preprocessor = Preprocessor.create(spec);
    const first = preprocessor.run(frame('grey', 2, 2, 2, 4));
    preprocessor.run({ ...frame('grey', 2, 2, 2, 4), data: new Uint8Array(4) });
    assert.deepEqual([...first], Array(preprocessor.tensorBytes).fill(128));
  });

  it('gives a tensor that was taken back again, once, and none of another size', () => {
    const preprocessor = Preprocessor.create(spec);
    const first = preprocessor.run(frame('grey', 2, 2, 2, 4));
    preprocessor.release(first);
    preprocessor.release(first);
    preprocessor.release(new Uint8Array(first.length + 1));
    const black = { ...frame('grey', 2, 2, 2, 4), data: new Uint8Array(4) };
    assert.equal(preprocessor.run(black), first);
    assert.deepEqual([...first], Array(preprocessor.tensorBytes).fill(0));
    assert.notEqual(preprocessor.run(black), first);
  });

  it('takes the largest frame and refuses one larger', () => {
    const preprocessor = Preprocessor.create(spec);
    const largest = frame('grey', 4096, 4096, 4096, 4096 * 4096);
    assert.deepEqual([...preprocessor.run(largest)], Array(12).fill(128));
    const sentence = 'The frame is 4097 x 1 px; each side must be a whole number from 1 to 4096.';
    refuses(() => preprocessor.run(frame('grey', 4097, 1, 4097, 4097)), 'bad-image', sentence);
  });

  it('refuses frames that do not fit together, in one sentence', () => {
    const preprocessor = Preprocessor.create(spec);
    const cases: [Frame, string][] = [
      [frame('rgb', 0, 4, 12, 48), 'The frame is 0 x 4 px; each side must be a whole number from 1 to 4096.'],
      [
        frame('rgb', 4, Number.NaN, 12, 48),
        'The frame is 4 x NaN px; each side must be a whole number from 1 to 4096.',
      ],
      [frame('rgb', 4, 4, 11, 48), "The frame's stride is 11 bytes; a row of 4 px in rgb needs 12."],
      [frame('nv12', 3, 2, 3, 99), "The frame's stride is 3 bytes; a row of 3 px in nv12 needs 4."],
      [frame('yuyv', 3, 2, 7, 99), "The frame's stride is 7 bytes; a row of 3 px in yuyv needs 8."],
      [
        frame('grey', 4, 4, 2 ** 32 + 4, 99),
        "The frame's stride is 4294967300 bytes; it must be a whole number from 1 to 32768.",
      ],
      [frame('grey', 4, 4, -4, 99), "The frame's stride is -4 bytes; it must be a whole number from 1 to 32768."],
      [frame('nv12', 4, 3, 8, 35), 'The frame holds 35 bytes; 4 x 3 px in nv12 with a stride of 8 bytes needs 36.'],
    ];
    for (const [bad, sentence] of cases) refuses(() => preprocessor.run(bad), 'bad-image', sentence);
    assert.equal(preprocessor.run(frame('nv12', 4, 3, 8, 36)).length, preprocessor.tensorBytes);
  });

  it('refuses impossible recipes, in one sentence', () => {
    refuses(
      () => Preprocessor.create({ ...spec, widthPx: 0 }),
      'bad-recipe',
      "The recipe's preprocess is 0 x 2 px; give each side as a whole number from 1 to 4096.",
    );
    for (const region of [
      { ...whole, x: 0.5 },
      { ...whole, height: 0 },
      { ...whole, y: Number.NaN },
    ]) {
      const { x, y, width, height } = region;
      const sentence =
        `The recipe's region is x ${x}, y ${y}, width ${width}, height ${height}; ` +
        'give fractions so that it is not empty and lies inside the frame.';
      refuses(() => Preprocessor.create({ ...spec, region }), 'bad-recipe', sentence);
    }
  });
});

describe('regionPixels', () => {
  const rect = (x: number, y: number, width: number, height: number) => {
    const pixels = regionPixels({ x, y, width, height }, 10, 100);
    return [pixels.xPx, pixels.yPx, pixels.widthPx, pixels.heightPx];
  };

  it('moves each edge to the nearest pixel edge, halves up', () => {
    assert.deepEqual(rect(0, 0, 1, 1), [0, 0, 10, 100]);
    assert.deepEqual(rect(0.25, 0.114, 0.5, 0.2), [3, 11, 5, 20]);
    assert.deepEqual(rect(0.1, 0.7, 0.2, 0.3000000001), [1, 70, 2, 30]);
  });

  it('keeps at least one pixel inside the frame', () => {
    assert.deepEqual(rect(0.5, 0.5, 0.001, 0.001), [5, 50, 1, 1]);
    assert.deepEqual(rect(0.999, 0.9999, 0.001, 0.0001), [9, 99, 1, 1]);
  });
});
