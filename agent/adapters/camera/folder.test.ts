import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { cameraContract } from '../../../test/contracts/camera.ts';
import { triggerContract } from '../../../test/contracts/trigger.ts';
import { bounded, Inbox } from '../../../test/fixtures/bounded.ts';
import { SystemClock } from '../clock/system.ts';
import { FolderCamera, type FolderCameraOptions } from './folder.ts';

const root = mkdtempSync(join(tmpdir(), 'linegate-folder-'));
after(() => rmSync(root, { recursive: true }));
const clock = new SystemClock();
const never = new AbortController().signal;

async function picture(
  grey: number,
  format: 'png' | 'jpeg' | 'webp' | 'tiff' = 'png',
  channels: 1 | 3 = 3,
): Promise<Buffer> {
  const background = { r: grey, g: grey, b: grey };
  const image = sharp({ create: { width: 24, height: 16, channels: 3, background } });
  return image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .toFormat(format)
    .toBuffer();
}

interface Watched {
  readonly camera: FolderCamera;
  readonly folder: string;
  readonly faults: Inbox<string>;
  readonly fired: Inbox<number>;
  /** Puts a whole file into the folder, as a program that renames does. */
  put(name: string, bytes: Uint8Array): void;
}

function watched(more: Partial<FolderCameraOptions> = {}): Watched {
  const folder = more.folder ?? mkdtempSync(join(root, 'in-'));
  const faults = new Inbox<string>();
  const options = { clock, folder, existing: 'skip', afterwards: 'leave', spacingMs: 0, settleMs: 5 } as const;
  return {
    camera: new FolderCamera({ ...options, onFault: faults.put, ...more }),
    folder,
    faults,
    fired: new Inbox<number>(),
    put: (name, bytes) => {
      writeFileSync(join(folder, '.incoming'), bytes);
      renameSync(join(folder, '.incoming'), join(folder, name));
    },
  };
}

/** Starts it as main does: the camera first, then the trigger. */
async function start(t: TestContext, { camera, fired }: Watched): Promise<void> {
  t.after(() => camera.stop());
  await camera.start();
  await camera.start(fired.put);
}

let names = 0;

cameraContract('folder', async () => {
  const { camera, put, fired } = watched();
  const bytes = await picture(100);
  return {
    camera,
    part: async () => {
      await camera.start(fired.put);
      const before = fired.all.length;
      put(`${names++}.png`, bytes);
      return (await fired.count(before + 1, 'triggers')).at(-1) ?? 0;
    },
  };
});

triggerContract('folder', async () => {
  const { camera, put } = watched();
  const bytes = await picture(100);
  return {
    source: camera,
    clock,
    poke: () => put(`${names++}.png`, bytes),
    run: async (done) => {
      const giveUpMs = performance.now() + 10_000;
      while (!done() && performance.now() < giveUpMs) await new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
});

test('folder camera: reads JPEG, PNG, WebP and TIFF, in colour and grey', async (t) => {
  const part = watched();
  await start(t, part);
  let count = 0;
  for (const format of ['png', 'jpeg', 'webp', 'tiff'] as const) {
    for (const channels of [3, 1] as const) {
      part.put(`${count}.${format}`, await picture(100, format, channels));
      const triggerNs = (await part.fired.count(++count, 'triggers')).at(-1) ?? 0;
      const capture = await part.camera.capture(count, triggerNs, never);
      if (capture.kind !== 'frame') assert.fail(capture.reason);
      const { frame } = capture;
      assert.deepEqual([frame.widthPx, frame.heightPx, frame.sensorNs], [24, 16, triggerNs], format);
      assert.equal(frame.format, 'rgb', `${format} ${channels}`);
      assert.ok(frame.data.every((byte) => Math.abs(byte - 100) <= 2));
    }
  }
  assert.deepEqual(part.faults.all, []);
});

test('folder camera: each trigger has its own picture, also when the line ignored one', async (t) => {
  const part = watched();
  await start(t, part);
  for (const [index, grey] of [10, 20, 30].entries()) {
    part.put(`${index}.png`, await picture(grey));
    await part.fired.count(index + 1, 'triggers');
  }
  const [, second = 0, third = 0] = part.fired.all;
  const greyOf = async (triggerNs: number): Promise<number | undefined> => {
    const capture = await part.camera.capture(1, triggerNs, never);
    return capture.kind === 'frame' ? capture.frame.data[0] : undefined;
  };
  assert.equal(await greyOf(second), 20);
  assert.equal(await greyOf(second), undefined, 'a picture belongs to one part');
  assert.equal(await greyOf(part.fired.all[0] ?? 0), undefined);
  assert.equal(await greyOf(third), 30);
});

test('folder camera: existing pictures are parts or not, as configured; they come oldest first and spaced', async (t) => {
  const folder = mkdtempSync(join(root, 'existing-'));
  for (const name of ['1.png', '2.png', '3.png'])
    writeFileSync(join(folder, name), await picture(Number(name[0]) * 10));
  const skipping = watched({ folder });
  await start(t, skipping);
  const inspecting = watched({ folder, existing: 'inspect', spacingMs: 30 });
  await start(t, inspecting);
  const [a = 0, b = 0, c = 0] = await inspecting.fired.count(3, 'triggers');
  assert.ok(b - a >= 30e6 && c - b >= 30e6, `${[b - a, c - b]}`);
  skipping.put('4.png', await picture(40));
  const triggerNs = (await skipping.fired.count(1, 'triggers'))[0] ?? 0;
  const capture = await skipping.camera.capture(1, triggerNs, never);
  assert.equal(capture.kind === 'frame' && capture.frame.data[0], 40);
});

test('folder camera: a picture that was a part is deleted where that is configured, a bad one never', async (t) => {
  const part = watched({ afterwards: 'delete' });
  await start(t, part);
  part.put('bad.png', Buffer.from('nothing'));
  await part.faults.count(1, 'faults');
  part.put('good.png', await picture(1));
  await part.fired.count(1, 'triggers');
  await part.camera.stop();
  assert.deepEqual(
    [existsSync(join(part.folder, 'good.png')), existsSync(join(part.folder, 'bad.png'))],
    [false, true],
  );
});

test('folder camera: a file that is still being written waits until it is whole', async (t) => {
  const part = watched({ settleMs: 40 });
  await start(t, part);
  const bytes = await picture(77, 'tiff');
  const path = join(part.folder, 'slow.tif');
  for (let at = 0; at < bytes.length; at += 200) {
    writeFileSync(path, bytes.subarray(at, at + 200), { flag: 'a' });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await part.fired.count(1, 'triggers');
  assert.deepEqual(part.faults.all, []);
});

/** A PNG that says it is so large and holds next to nothing. */
function bomb(widthPx: number, heightPx: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(100_000));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

test('folder camera: broken and hostile files are one sentence each, are left alone, and the line goes on', async (t) => {
  const part = watched();
  await start(t, part);
  const { folder } = part;
  const whole = await picture(50, 'jpeg');
  const outside = join(root, 'outside.png');
  writeFileSync(outside, await picture(1));
  const hostile: readonly [name: string, make: (path: string) => void, message: RegExp][] = [
    ['empty.png', (path) => writeFileSync(path, ''), /it is not a JPEG, PNG, WebP or TIFF file/],
    ['text.jpg', (path) => writeFileSync(path, 'hello'), /it is not a JPEG, PNG, WebP or TIFF file/],
    ['vector.png', (path) => writeFileSync(path, '<svg xmlns="http://www.w3.org/2000/svg"/>'), /it is not a JPEG, PNG/],
    ['truncated.jpg', (path) => writeFileSync(path, whole.subarray(0, whole.length - 40)), /cannot be used/],
    ['header.png', (path) => writeFileSync(path, Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')), /cannot be used/],
    [
      'bomb.png',
      (path) => writeFileSync(path, bomb(50_000, 50_000)),
      /cannot be used \(Input image exceeds pixel limit/,
    ],
    ['wide.png', (path) => writeFileSync(path, bomb(5000, 2)), /it has 5000 x 2 px, more than 4096 a side/],
    ['folder.png', (path) => mkdirSync(path), /folder\.png is not a plain file/],
    ['pipe.png', (path) => execFileSync('sh', ['-c', 'mkfifo "$0"', path]), /pipe\.png is not a plain file/],
    ['link.png', (path) => symlinkSync(outside, path), /link\.png is not a plain file/],
    ['dangling.png', (path) => symlinkSync('/nonexistent', path), /dangling\.png is not a plain file/],
  ];
  for (const [index, [name, make, message]] of hostile.entries()) {
    make(join(folder, name));
    const faults = await part.faults.count(index + 1, `faults (${name})`);
    assert.match(faults[index] ?? '', message, name);
    assert.match(faults[index] ?? '', /^[^\n]+\.$/, name);
  }
  part.put('good.png', await picture(60));
  await part.fired.count(1, 'triggers');
  assert.equal(part.fired.all.length, 1);
  assert.equal(part.faults.all.length, hostile.length);
  for (const [name] of hostile.slice(0, 8)) assert.ok(existsSync(join(folder, name)), name);
});

test('folder camera: keeps only the newest pictures that nobody takes', async (t) => {
  const part = watched({ existing: 'inspect' });
  for (let i = 1; i <= 7; i++) part.put(`${i}.png`, await picture(i));
  await start(t, part);
  const fired = [...(await part.fired.count(7, 'triggers'))];
  const kinds: string[] = [];
  for (const [index, triggerNs] of fired.entries()) {
    kinds.push((await part.camera.capture(index + 1, triggerNs, never)).kind);
  }
  assert.deepEqual(kinds, [...Array(3).fill('no-frame'), ...Array(4).fill('frame')]);
});

test('folder camera: a folder that is not there is one sentence at the start', async () => {
  const { camera } = watched({ folder: join(root, 'none') });
  await assert.rejects(camera.start(), {
    code: 'bad-config',
    message: /^The camera's folder \S+none cannot be read \(ENOENT: .*\): make it or name another one\.$/,
  });
});

test('folder camera: a folder that goes away is told once, and its pictures are parts again when it is back', async (t) => {
  const part = watched({ rescanMs: 10 });
  await start(t, part);
  renameSync(part.folder, `${part.folder}-away`);
  await part.faults.count(1, 'faults');
  mkdirSync(part.folder);
  part.put('back.png', await picture(1));
  await part.fired.count(1, 'triggers');
  assert.equal(part.faults.all.length, 1);
  assert.match(part.faults.all[0] ?? '', /^The camera's folder \S+ cannot be read \(ENOENT: .*\): trying again\.$/);
});

test('folder camera: stopping does not wait for pictures that were still to come', async (t) => {
  const part = watched({ existing: 'inspect', spacingMs: 3_600_000 });
  for (let i = 1; i <= 3; i++) part.put(`${i}.png`, await picture(i));
  await start(t, part);
  await part.fired.count(1, 'triggers');
  await bounded(part.camera.stop(), 'stop', 5000);
  assert.equal(part.fired.all.length, 1);
});
