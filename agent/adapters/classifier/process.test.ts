import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifierContract, reasonOf } from '../../../test/contracts/classifier.ts';
import { bounded, Inbox } from '../../../test/fixtures/bounded.ts';
import { playedGolden, playedManifest, playedModel, playedScores, playedTensor } from '../../../test/fixtures/model.ts';
import { SystemClock } from '../clock/system.ts';
import { type ClassifierState, ProcessClassifier, type ProcessClassifierOptions } from './process.ts';

const never = new AbortController().signal;
const clock = new SystemClock();

function played(mode: string, more: Partial<ProcessClassifierOptions> = {}): ProcessClassifier {
  const options = { command: playedModel(mode), manifest: playedManifest, golden: playedGolden, clock };
  return new ProcessClassifier({ ...options, ...more });
}

classifierContract('process', async () => ({
  classifier: played('good'),
  maxPending: 8,
  tensors: [1, 2, 3].map(playedTensor),
  expected: playedScores,
  settle: (work) => bounded(work, 'the classifier'),
}));

test('classifier process: answers that come byte by byte are put together', async () => {
  const classifier = played('byte-by-byte');
  await bounded(classifier.start(), 'start');
  assert.equal(reasonOf(await classifier.classify(playedTensor(5), never)), 'scores');
  await classifier.stop();
});

test('classifier process: a tensor of the wrong size is refused and never sent', async () => {
  const classifier = played('good');
  await bounded(classifier.start(), 'start');
  const answer = await classifier.classify(new Uint8Array(11), never);
  assert.deepEqual(answer, {
    kind: 'failed',
    reason: 'bad-answer',
    detail: 'The tensor has 11 bytes where the model takes 12.',
  });
  assert.equal(reasonOf(await classifier.classify(playedTensor(1), never)), 'scores');
  await classifier.stop();
});

test('classifier process: it sees nothing of the environment but what it needs, and what it prints is only told', async () => {
  process.env['LINEGATE_TEST_SECRET'] = 'secret';
  const lines = new Inbox<string>();
  const classifier = played('noisy', { onLine: lines.put });
  await bounded(classifier.start(), 'start');
  delete process.env['LINEGATE_TEST_SECRET'];
  await classifier.stop();
  await lines.first((line) => line === 'last without end', 'the last line');
  const environment =
    lines.all
      .find((line) => line.startsWith('environment'))
      ?.split(' ')
      .slice(1) ?? [];
  assert.deepEqual(
    environment.filter((name) => !['PATH', 'LD_LIBRARY_PATH', 'TMPDIR'].includes(name)),
    [],
  );
  const long = lines.all.filter((line) => /^(?:long )?x+$/.test(line));
  assert.deepEqual(
    long.map((line) => line.length),
    [2000, 2000, 1005],
    'a long line comes in bounded pieces',
  );
});

const badStarts: readonly [mode: string, code: string, message: RegExp][] = [
  ['crash', 'bad-model', /^The model process did not load its model: it ended with status 1\.$/],
  ['complain-model', 'bad-model', /^The model is made of \[31mcheese\.$/],
  ['complain-package', 'missing-package', /^The engine is not installed\.$/],
  ['bad-hello', 'bad-model', /^The model process did not load its model: The hello does not speak protocol 1\.$/],
  ['wrong-size', 'bad-model', /^The input width of the loaded model is 3 and the manifest of tiny says 2: /],
  ['wrong-labels', 'bad-model', /^The number of labels of the loaded model is 4 and the manifest of tiny says 3: /],
  ['wrong-digest', 'bad-model', /^The digest of the loaded model is 0{64} and the manifest of tiny says (?:ab){32}: /],
  ['garbage-hello', 'bad-model', /^The model process did not load its model: A frame of 1835492691 bytes is longer /],
  ['early-answer', 'bad-model', /^The model process did not load its model: it answered before its hello\.$/],
  ['wrong-scores', 'bad-model', /^The model is off by 0\.\d+ at golden vector 1 of tiny, where 0\.000001 is allowed/],
  ['die', 'bad-model', /^The model did not answer golden vector 1 of tiny: The model process is lost: it ended with /],
  ['refuse', 'bad-model', /^The model did not answer golden vector 1 of tiny: It is too dark\.$/],
];
for (const [mode, code, message] of badStarts) {
  test(`classifier process: a start that meets "${mode}" is one sentence`, async () => {
    const states: ClassifierState[] = [];
    const classifier = played(mode, { onState: (state) => states.push(state) });
    await assert.rejects(bounded(classifier.start(), 'start'), { name: 'LinegateError', code, message });
    assert.equal(reasonOf(await classifier.classify(playedTensor(1), never)), 'classifier-down');
    await bounded(classifier.stop(), 'stop');
  });
}

test('classifier process: a program that does not exist is one sentence', async () => {
  const command = { program: '/nonexistent/model', arguments: [], environment: {} };
  const classifier = played('good', { command });
  const message = /^The model process did not load its model: spawn \/nonexistent\/model ENOENT\.$/;
  await assert.rejects(bounded(classifier.start(), 'start'), { code: 'bad-model', message });
  await bounded(classifier.stop(), 'stop');
});

test('classifier process: a model that never says hello is given up', async () => {
  const classifier = played('no-hello', { loadMs: 100 });
  const message = 'The model process did not load its model: it had not loaded its model after 100 ms.';
  await assert.rejects(bounded(classifier.start(), 'start'), { code: 'bad-model', message });
});

test('classifier process: stopping while it loads ends the start', async () => {
  const classifier = played('no-hello');
  const started = assert.rejects(classifier.start(), /stopped before its model was loaded/);
  await bounded(classifier.stop(), 'stop');
  await started;
});

test('classifier process: one that ignores SIGTERM and the end of its input is killed', async () => {
  const lines = new Inbox<string>();
  const classifier = played('stubborn', { onLine: lines.put });
  await bounded(classifier.start(), 'start');
  const pid = Number((await lines.first((line) => line.startsWith('pid'), 'the pid')).slice(4));
  const beforeMs = performance.now();
  await bounded(classifier.stop(), 'stop');
  assert.ok(performance.now() - beforeMs < 5000);
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});
