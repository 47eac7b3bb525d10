import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ringClasses } from '../../core/render/ring.ts';
import { ringLots } from './lots.ts';
import { PictureSource } from './picture-source.ts';

const labels = ringClasses.map((name) => ({ name, kind: name === 'normal' ? ('ok' as const) : ('defect' as const) }));

test('picture source: the first pictures are there when it has started', async () => {
  const source = new PictureSource(ringLots(labels, 1, 0.2));
  await source.start();
  const first = await Promise.race([source.picture(0), setImmediate('not there')]);
  assert.notEqual(first, 'not there');
  await source.stop();
});

test('picture source: a picture that cannot be had is told to whoever wants it, not to the start', async () => {
  const part = { index: 0, label: 'good', defective: false };
  const source = new PictureSource({ draw: () => ({ part, job: { kind: 'file', file: '/nowhere/1.png' } }) });
  await source.start();
  await assert.rejects(source.picture(0), /^LinegateError: The picture \/nowhere\/1\.png cannot be decoded/);
  await source.stop();
});

test('picture source: of parts that have passed meanwhile no pictures are made', async () => {
  const lots = ringLots(labels, 1, 0.2);
  const drawn: number[] = [];
  const source = new PictureSource({
    draw: (index) => {
      drawn.push(index);
      return lots.draw(index);
    },
  });
  await source.start();
  drawn.length = 0;
  for (let index = 3; index <= 60; index += 1) source.prepare(index);
  const gone = source.picture(40);
  for (let index = 3; index < 60; index += 1) source.discard(index);
  await assert.rejects(gone, /^LinegateError: The part had passed before its picture was made\.$/);
  await source.picture(60);
  assert.deepEqual(drawn, [3, 4, 60]);
  await source.stop();
});
