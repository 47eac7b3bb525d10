// Pictures that are none, or not what they claim: the line goes on, and the part has no verdict.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { document, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { rowsIn } from '../support/ledger-story.ts';

function grey(widthPx: number, heightPx: number): Sharp {
  return sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: '#8a7f70' } });
}

/** A PNG file of one row of pixels that says it has `sidePx` × `sidePx`. */
function bomb(sidePx: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(sidePx, 0);
  header.writeUInt32BE(sidePx, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = deflateSync(Buffer.alloc(1 + 3 * sidePx));
  const chunks = [chunk('IHDR', header), chunk('IDAT', row), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Files that are no picture of a part. */
async function hostile(): Promise<Readonly<Record<string, Buffer>>> {
  const jpeg = await grey(200, 200).jpeg().toBuffer();
  const png = await grey(200, 200).png().toBuffer();
  return {
    'truncated.jpg': jpeg.subarray(0, jpeg.length / 2),
    'truncated.png': png.subarray(0, png.length - 40),
    'empty.png': Buffer.alloc(0),
    'huge.png': bomb(30_000),
    'lies.png': bomb(2_000),
    'text.png': Buffer.from('this is no picture\n'),
    'page.jpg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    'noise.jpg': Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 2654435761) >>> 13)),
  };
}

/** Pictures that are unusual and must be judged like others. */
async function unusual(): Promise<Readonly<Record<string, Buffer>>> {
  return {
    'plain.png': await grey(120, 120).png().toBuffer(),
    'one-pixel.png': await grey(1, 1).png().toBuffer(),
    'thin.png': await grey(3000, 1).png().toBuffer(),
    'grey.png': await grey(100, 100).greyscale().png().toBuffer(),
    'transparent.webp': await grey(100, 100).ensureAlpha(0.5).webp().toBuffer(),
    'deep.tif': await grey(100, 100).toColourspace('rgb16').tiff().toBuffer(),
    'four-colours.jpg': await grey(100, 100).toColourspace('cmyk').jpeg().toBuffer(),
  };
}

async function folderOfPictures(t: TestContext): Promise<string> {
  const images = path.join(temporaryFolder(t), 'images');
  const sets = { good: await unusual(), bad: await hostile() };
  for (const [label, files] of Object.entries(sets)) {
    mkdirSync(path.join(images, label), { recursive: true });
    for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(images, label, name), bytes);
  }
  // These are no files: nobody draws them.
  mkdirSync(path.join(images, 'bad', 'folder.png'));
  symlinkSync('loop-b.png', path.join(images, 'bad', 'loop-a.png'));
  symlinkSync('loop-a.png', path.join(images, 'bad', 'loop-b.png'));
  symlinkSync('/etc/passwd', path.join(images, 'bad', 'elsewhere.png'));
  return images;
}

for (const mode of ['--speed=20', '--virtual-time']) {
  test(`hostile images, ${mode}: the line goes on, and only their parts have no verdict`, async (t) => {
    const images = await folderOfPictures(t);
    const state = temporaryFolder(t);
    const source = ['--recipe', 'coffee-bean', '--images', images, '--defect-rate', '0.5'];
    const ended = await linegate(t, ['simulate', mode, '--parts', '80', '--json', '--state', state, ...source]);
    assert.equal(ended.exitCode, 0, ended.stderr);
    const {
      triggers,
      records,
      unaccounted,
      wrongPartEjections,
      escapes,
      noVerdicts,
      failSafeActions,
      labels,
      ...rest
    } = document(ended);
    assert.deepEqual(
      { triggers, records, unaccounted, wrongPartEjections, escapes },
      { triggers: 80, records: 80, unaccounted: 0, wrongPartEjections: 0, escapes: 0 },
    );
    assert.equal(failSafeActions, noVerdicts);
    if (mode === '--virtual-time') {
      assert.deepEqual(rest['reasons'], { 'no-frame': Object(labels).bad.parts });
    }

    const details = (await rowsIn(state)).map(({ payload }) => payload).join('\n');
    for (const name of Object.keys(await hostile())) {
      assert.match(details, new RegExp(`The picture [^"]+/${name} cannot be decoded: [^"]+\\.`));
    }
    for (const name of Object.keys(await unusual())) assert.ok(!details.includes(name), `${name} was not decoded`);
    assert.ok(!/folder\.png|loop|elsewhere/.test(details));
  });
}
