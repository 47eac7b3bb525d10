import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cameraContract } from '../../../test/contracts/camera.ts';
import { bounded } from '../../../test/fixtures/bounded.ts';
import { SystemClock } from '../clock/system.ts';
import { type LibcameraStills, NodeLibcameraCamera, type NodeLibcameraOptions } from './node-libcamera.ts';

const root = mkdtempSync(join(tmpdir(), 'linegate-still-'));
after(() => rmSync(root, { recursive: true }));
const clock = new SystemClock();
const never = new AbortController().signal;
type Options = Parameters<LibcameraStills['still']>[0];

/** Plays the package and the program behind it: writes `bytes` to the named output. */
function played(bytes: number, seen: Options[] = []): () => Promise<LibcameraStills> {
  const still = async (options: Options): Promise<void> => {
    seen.push(options);
    writeFileSync(String(options['output']), Buffer.alloc(bytes, seen.length));
  };
  return async () => ({ still });
}

function camera(more: Partial<NodeLibcameraOptions>): NodeLibcameraCamera {
  return new NodeLibcameraCamera({ clock, widthPx: 64, heightPx: 48, scratchFolder: root, ...more });
}

cameraContract('node-libcamera', async () => ({
  camera: camera({ load: played(64 * 48 * 3) }),
  part: async () => clock.nowNs(),
}));

test('node-libcamera: nothing but numbers and fixed words reach the shell', async () => {
  const seen: Options[] = [];
  const scratchFolder = join(root, '$(touch injected); `id`');
  const still = camera({ load: played(64 * 48 * 3, seen), scratchFolder });
  await still.start();
  const capture = await still.capture(1, clock.nowNs(), never);
  await still.stop();
  assert.ok(capture.kind === 'frame' && capture.frame.data.every((byte) => byte === 2));
  assert.equal(seen.length, 2);
  for (const [name, value] of seen.flatMap((options) => Object.entries(options))) {
    assert.match(name, /^[a-z]+$/);
    assert.match(String(value), /^(?:true|\d+|rgb|\/proc\/\d+\/fd\/\d+)$/);
  }
  assert.deepEqual(readdirSync(scratchFolder), [], 'the file of the pictures has no name');
  assert.ok(!existsSync('injected'));
});

test('node-libcamera: a size that is no whole number never gets to the shell', async () => {
  for (const widthPx of [0, -1, 1.5, Number.NaN, 1e9]) {
    const start = camera({ widthPx, load: () => assert.fail('loaded') }).start();
    await assert.rejects(start, {
      code: 'bad-config',
      message: /^The camera's picture size \S+ is not a whole number/,
    });
  }
});

test('node-libcamera: without the package, a program or a whole picture the start says so', async () => {
  await assert.rejects(camera({}).start(), {
    code: 'missing-package',
    message: /^The camera node-libcamera needs the optional package node-libcamera, .* or use another camera\.$/,
  });
  const notFound = async (): Promise<LibcameraStills> => ({
    still: () => Promise.reject(new Error('Command failed: libcamera-still\n/bin/sh: libcamera-still: not found')),
  });
  await assert.rejects(camera({ load: notFound }).start(), {
    code: 'device',
    message: /^The camera took no picture \(Command failed: libcamera-still \/bin\/sh: .*\): node-libcamera needs /,
  });
  await assert.rejects(camera({ load: played(100) }).start(), {
    code: 'device',
    message: /^The camera took no picture \(its picture has 100 bytes where 9216 were due\): /,
  });
});

test('node-libcamera: one picture at a time; a part that is given up waits for none', async () => {
  let finish: () => void = () => undefined;
  let calls = 0;
  const load = async (): Promise<LibcameraStills> => ({
    still: async (options) => {
      calls++;
      if (calls > 1) await new Promise<void>((resolve) => (finish = resolve));
      writeFileSync(String(options['output']), Buffer.alloc(64 * 48 * 3));
    },
  });
  const still = camera({ load });
  await still.start();
  const abort = new AbortController();
  const first = still.capture(1, clock.nowNs(), abort.signal);
  const second = await still.capture(2, clock.nowNs(), never);
  assert.deepEqual(second, { kind: 'no-frame', reason: 'The camera is still busy with the part before.' });
  while (calls < 2) await new Promise((resolve) => setImmediate(resolve));
  abort.abort();
  assert.deepEqual(await bounded(first, 'the first part'), {
    kind: 'no-frame',
    reason: 'The part was given up while its picture was being taken.',
  });
  assert.equal((await still.capture(3, clock.nowNs(), never)).kind, 'no-frame');
  await still.stop();
  finish();
});
