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
