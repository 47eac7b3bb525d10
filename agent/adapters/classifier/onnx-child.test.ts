import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { classifierContract } from '../../../test/contracts/classifier.ts';
import { bounded } from '../../../test/fixtures/bounded.ts';
import { testManifest } from '../../../test/fixtures/model.ts';
import { type TinyShape, tinyOnnx, tinyScores } from '../../../test/fixtures/tiny-model.ts';
import { SystemClock } from '../clock/system.ts';
import { modelCommand } from './commands.ts';
import { ProcessClassifier } from './process.ts';
import type { GoldenVectors } from './self-test.ts';

const SHAPE = { heightPx: 12, widthPx: 8, channels: 3, labels: 4 };
const folder = mkdtempSync(join(tmpdir(), 'linegate-onnx-'));
after(() => rmSync(folder, { recursive: true }));
const clock = new SystemClock();

/** A picture of one colour. */
function plain(...colour: number[]): Uint8Array {
  return Uint8Array.from({ length: 12 * 8 * 3 }, (_, i) => colour[i % 3] ?? 0);
}

function expected(tensor: Uint8Array): number[] {
  return tinyScores([...tensor.subarray(0, 3)], SHAPE.labels);
}

const tensors = [plain(200, 100, 10), plain(0, 0, 255), plain(9, 8, 7)];
const golden: GoldenVectors = {
  tolerance: 1e-4,
  vectors: tensors.map((tensor) => ({ label: 'l0', tensor, scores: expected(tensor) })),
};

function onnx(
  name: string,
  bytes: Uint8Array,
  digest = createHash('sha256').update(bytes).digest('hex'),
): ProcessClassifier {
  const file = join(folder, `${name}.onnx`);
  writeFileSync(file, bytes);
  const manifest = testManifest(SHAPE, digest);
  return new ProcessClassifier({ command: modelCommand('onnx', manifest, file), manifest, golden, clock });
}

classifierContract('onnxruntime', async () => ({
  classifier: onnx('good', tinyOnnx(SHAPE)),
  maxPending: 8,
  tensors,
  expected,
  settle: (work) => bounded(work, 'the classifier', 60_000),
}));

const good = tinyOnnx(SHAPE);
const otherShape = (change: Partial<TinyShape>): Uint8Array => tinyOnnx({ ...SHAPE, ...change });
const badModels: readonly [name: string, bytes: Uint8Array, message: RegExp][] = [
  ['empty', new Uint8Array(0), /^The model \S+empty\.onnx is not one that onnxruntime can load: /],
  ['garbage', Buffer.alloc(5000, 0xa5), /^The model \S+garbage\.onnx is not one that onnxruntime can load: /],
  [
    'truncated',
    good.subarray(0, good.length / 2),
    /^The model \S+truncated\.onnx is not one that onnxruntime can load: /,
  ],
  ['text', Buffer.from('<html>404</html>'), /^The model \S+text\.onnx is not one that onnxruntime can load: /],
  [
    'float-input',
    otherShape({ inputType: 1 }),
    /^The model \S+float-input\.onnx is not from uint8 \[1, height, width, /,
  ],
  ['wider', otherShape({ widthPx: 9 }), /^The input width of the loaded model is 9 and the manifest of tiny says 8: /],
  ['more-labels', otherShape({ labels: 5 }), /^The number of labels of the loaded model is 5 and .* says 4: /],
  ['grey', otherShape({ channels: 1 }), /^The number of colours of the loaded model is 1 and .* says 3: /],
];
for (const [name, bytes, message] of badModels) {
  test(`onnxruntime: a model that is ${name} is one sentence`, async () => {
    const start = bounded(onnx(name, bytes).start(), 'start', 60_000);
    await assert.rejects(start, (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return 'code' in error && error.code === 'bad-model';
    });
  });
}

test('onnxruntime: a model with another digest never reaches the library', async () => {
  const start = bounded(onnx('swapped', Buffer.from('not a model'), 'f'.repeat(64)).start(), 'start', 60_000);
  await assert.rejects(start, {
    code: 'bad-model',
    message: /has the digest [0-9a-f]{64} and its manifest says f{64}: /,
  });
});

test('onnxruntime: a model that is not there is one sentence', async () => {
  const manifest = testManifest(SHAPE, 'f'.repeat(64));
  const command = modelCommand('onnx', manifest, join(folder, 'none.onnx'));
  const classifier = new ProcessClassifier({ command, manifest, golden, clock });
  const start = bounded(classifier.start(), 'start', 60_000);
  await assert.rejects(start, { code: 'bad-model', message: /none\.onnx cannot be read: ENOENT/ });
});

test('onnxruntime: no telemetry, even where the child is given a home folder and not told to be silent', async () => {
  // Without the child's own precaution the library makes .cache/Microsoft/DeveloperTools here and looks for a host.
  const home = mkdtempSync(join(folder, 'home-'));
  const file = join(folder, 'telemetry.onnx');
  writeFileSync(file, good);
  const manifest = testManifest(SHAPE, createHash('sha256').update(good).digest('hex'));
  const command = modelCommand('onnx', manifest, file);
  assert.equal(command.environment['ORT_DISABLE_TELEMETRY'], '1');
  const talkative = { ...command, environment: { HOME: home } };
  const classifier = new ProcessClassifier({ command: talkative, manifest, golden, clock });
  await bounded(classifier.start(), 'start', 60_000);
  await classifier.stop();
  assert.deepEqual(readdirSync(home, { recursive: true }), []);
});
