import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { type RingClass, renderRing, ringClasses, ringDomains } from '../../agent/core/render/ring.ts';
import { parseRenderArguments } from './arguments.ts';
import { writeDataset } from './dataset.ts';
import { writeMontage } from './montage.ts';

const script = join(import.meta.dirname, 'render.ts');
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'render-'));
});

after(async () => {
  await rm(folder, { recursive: true });
});

async function rowsOf(out: string): Promise<string[][]> {
  const text = await readFile(join(out, 'manifest.csv'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((row) => row.split(','));
}

describe('data set', () => {
  test('has a picture for every row of the manifest, the same bytes as the renderer', async () => {
    const out = join(folder, 'balanced');
    const done: number[] = [];
    const words = ['--out', out, '--count', '104', '--seed', '3', '--size', '32', '--balanced'];
    await writeDataset(out, parseRenderArguments(words), (count) => done.push(count));
    const [head, ...rows] = await rowsOf(out);
    assert.deepEqual(head, ['file', 'class', 'group', 'severity']);
    assert.equal(rows.length, 104);
    assert.equal(done.at(-1), 104);
    for (const name of ringClasses) assert.equal((await readdir(join(out, name))).length, 13);
    assert.deepEqual([...new Set(rows.map((row) => row[2]))], ['3-0', '3-1', '3-2']);
    assert.equal(rows.filter((row) => row[2] === '3-0').length, 50);
    const [file = '', ringClass, , severity = ''] = rows[11] ?? [];
    const { data } = await sharp(join(out, file)).raw().toBuffer({ resolveWithObject: true });
    // The manifest rounds the severity to four places; the picture may differ by that much and no more.
    const again = renderRing({
      seed: 3_000_011,
      ringClass: ringClass as RingClass,
      severity: Number(severity),
      domain: ringDomains.standard,
      sizePx: 32,
    });
    assert.equal(data.length, again.length);
    const difference = again.reduce((sum, value, i) => sum + Math.abs(value - (data[i] ?? 0)), 0);
    assert.ok(difference / again.length < 0.1, String(difference / again.length));
  });

  test('without --balanced most parts are normal, and the same seed draws the same set', async () => {
    const sets: string[][][] = [];
    for (const name of ['a', 'b']) {
      const out = join(folder, name);
      const words = ['--out', out, '--count', '60', '--seed', '9', '--size', '16', '--domain', 'shifted'];
      await writeDataset(out, parseRenderArguments(words), () => undefined);
      sets.push(await rowsOf(out));
    }
    assert.deepEqual(sets[0], sets[1]);
    const normal = sets[0]?.filter((row) => row[1] === 'normal').length ?? 0;
    assert.ok(normal > 30 && normal < 55, String(normal));
  });
});

test('the montage has a row for each class and six columns', async () => {
  const file = join(folder, 'montage.png');
  await writeMontage(file, parseRenderArguments(['--montage', file, '--size', '32']));
  const { width, height } = await sharp(file).metadata();
  assert.deepEqual([width, height], [150 + 192, 22 + 256]);
});

describe('bad arguments end in one sentence and exit status 2', () => {
  const cases: readonly (readonly string[])[] = [
    [],
    ['--out', 'x'],
    ['--out', 'x', '--count', '0'],
    ['--out', 'x', '--count', '1e3'],
    ['--out', 'x', '--count', '10', '--seed', '-1'],
    ['--out', 'x', '--count', '10', '--size', '8'],
    ['--out', 'x', '--count', '10', '--domain', 'toString'],
    ['--out', 'x', '--count', '10', '--unknown'],
    ['--out', 'x', '--count', '10', 'stray'],
  ];
  for (const words of cases) {
    test(words.join(' ') || 'none', () => {
      assert.throws(() => parseRenderArguments(words), /^LinegateError: [^\n]{10,300}$/);
    });
  }

  test('from the command line', () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [script, '--count', 'many'], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^Nothing to draw: [^\n]+\.\n$/);
  });

  test('a folder that cannot be made', () => {
    const words = [script, '--out', join(script, 'below-a-file'), '--count', '1'];
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /^Cannot write [^\n]+\.\n$/);
  });
});
