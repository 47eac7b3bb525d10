import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { Frame } from '../../agent/core/frame.ts';
import type { Pictures } from '../../agent/ports/pictures.ts';

/** A store that is not started yet. */
export interface PicturesUnderTest {
  readonly pictures: Pictures;
  /** The names of what it holds. */
  names(): readonly string[];
}

/** Names by which a picture must not get out of its store. */
const HOSTILE_NAMES: readonly string[] = [
  '',
  '.png',
  '../escape.png',
  'reject/../../escape.png',
  '/tmp/escape.png',
  'reject//1.png',
  'reject/.hidden.png',
  'reject\\1.png',
  'reject/1.png\0.jpg',
  'reject/1.jpg',
  'reject/1',
  'C:/1.png',
  'a/b/c/d/e.png',
  `${'x'.repeat(300)}.png`,
  'reject/1.png\n',
];

/** A frame of grey noise. */
export function noiseFrame(widthPx: number, heightPx: number, seed = 1): Frame {
  let state = seed;
  const data = Uint8Array.from({ length: widthPx * heightPx }, () => {
    state = (state * 48271) % 2147483647;
    return state & 255;
  });
  const when = { sensorNs: 0, clock: 'monotonic', sequence: 0 } as const;
  return { data, format: 'grey', widthPx, heightPx, strideBytes: widthPx, ...when };
}

/** What every store of pictures keeps; `holds` is false for one that keeps none. */
export function picturesContract(name: string, holds: boolean, make: () => Promise<PicturesUnderTest>): void {
  describe(`pictures: ${name}`, () => {
    let current: PicturesUnderTest | undefined;
    afterEach(async () => current?.pictures.stop());

    test('keeps a picture under its name, and the last one of two', async () => {
      current = await make();
      const { pictures, names } = current;
      await pictures.start();
      const frame = noiseFrame(8, 8);
      assert.equal(await pictures.keep('reject/12.png', frame), holds);
      assert.equal(await pictures.keep('reject/12.png', frame), holds);
      assert.equal(await pictures.keep('pass/13.png', frame), holds);
      assert.deepEqual(names().toSorted(), holds ? ['pass/13.png', 'reject/12.png'] : []);
    });

    test('refuses a name that is not a plain picture inside it', async () => {
      current = await make();
      const { pictures, names } = current;
      await pictures.start();
      for (const hostile of HOSTILE_NAMES) {
        assert.equal(await pictures.keep(hostile, noiseFrame(8, 8)), false, JSON.stringify(hostile));
      }
      assert.deepEqual(names(), []);
    });

    test('drops the least wanted first, those of rejects last, and says how much that freed', async () => {
      current = await make();
      const { pictures, names } = current;
      await pictures.start();
      for (const name of ['reject/1.png', 'pass/2.png', 'review/3.png', 'pass/4.png'])
        await pictures.keep(name, noiseFrame(32, 32));
      assert.equal(await pictures.drop(0), 0);
      assert.equal((await pictures.drop(1)) > 0, holds);
      assert.deepEqual(names().toSorted(), holds ? ['pass/4.png', 'reject/1.png', 'review/3.png'] : []);
      await pictures.drop(1);
      await pictures.drop(1);
      assert.deepEqual(names(), holds ? ['reject/1.png'] : []);
      assert.equal((await pictures.drop(1e9)) > 0, holds);
      assert.equal(await pictures.drop(1e9), 0);
      assert.deepEqual(names(), []);
      assert.equal(await pictures.keep('pass/5.png', noiseFrame(8, 8)), holds);
    });

    test('stopping may be done twice and keeps what was taken', async () => {
      current = await make();
      const { pictures, names } = current;
      await pictures.start();
      const kept = [1, 2, 3].map((part) => pictures.keep(`review/${part}.png`, noiseFrame(8, 8)));
      await Promise.all([pictures.stop(), pictures.stop()]);
      assert.deepEqual(await Promise.all(kept), Array(3).fill(holds));
      assert.equal(names().length, holds ? 3 : 0);
    });
  });
}
