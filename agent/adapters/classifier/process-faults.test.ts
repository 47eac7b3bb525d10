import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { reasonOf } from '../../../test/contracts/classifier.ts';
import { bounded, Inbox } from '../../../test/fixtures/bounded.ts';
import { playedManifest, playedModel, playedScores, playedTensor } from '../../../test/fixtures/model.ts';
import type { Classification } from '../../ports/classifier.ts';
import { SystemClock } from '../clock/system.ts';
import { type ClassifierState, ProcessClassifier, type ProcessClassifierOptions } from './process.ts';

const never = new AbortController().signal;
const QUICK = { firstMs: 1, longestMs: 4, healthyMs: 1 };

interface Watched {
  readonly classifier: ProcessClassifier;
  readonly states: Inbox<ClassifierState>;
  readonly lines: Inbox<string>;
}

async function started(mode: string, more: Partial<ProcessClassifierOptions> = {}): Promise<Watched> {
  const states = new Inbox<ClassifierState>();
  const lines = new Inbox<string>();
  const classifier = new ProcessClassifier({
    command: playedModel(mode),
    manifest: playedManifest,
    golden: { tolerance: 0, vectors: [] },
    clock: new SystemClock(),
    backoff: QUICK,
    onState: states.put,
    onLine: lines.put,
    ...more,
  });
  await bounded(classifier.start(), 'start');
  return { classifier, states, lines };
}

const faults: readonly [mode: string, reason: string, detail: RegExp][] = [
  ['die', 'classifier-down', /it ended with status 7/],
  ['hang', 'classifier-down', /it gave no answer within 100 ms/],
  ['garbage', 'bad-answer', /A frame of 2779096485 bytes is longer than the 4096 allowed/],
  ['huge', 'bad-answer', /A frame of 4294967295 bytes is longer than the 4096 allowed/],
  ['wrong-id', 'bad-answer', /it answered what nobody asked/],
  ['wrong-count', 'bad-answer', /A scores frame of 24 bytes does not hold 3 scores/],
  ['second-hello', 'bad-answer', /it answered what nobody asked/],
];
for (const [mode, reason, detail] of faults) {
  test(`classifier process: "${mode}" fails what it holds and gets another process`, async (t) => {
    const { classifier, states } = await started(mode, mode === 'hang' ? { hangMs: 100 } : {});
    t.after(() => classifier.stop());
    const answers = [1, 2, 3].map((seed) => classifier.classify(playedTensor(seed), never));
    for (const answer of await bounded(Promise.all(answers), 'the answers')) {
      if (answer.kind !== 'failed') assert.fail(JSON.stringify(answer));
      assert.equal(answer.reason, reason);
      assert.match(answer.detail, detail);
    }
    assert.equal(reasonOf(await classifier.classify(playedTensor(1), never)), 'classifier-down');
    await states.count(3, 'states');
    assert.deepEqual(
      states.all.slice(0, 3).map((state) => state.kind),
      ['up', 'down', 'up'],
    );
    await classifier.stop();
  });
}

test('classifier process: a request that the model refuses costs no other and no restart', async () => {
  const { classifier, states } = await started('refuse');
  const answers = await Promise.all([1, 2].map((seed) => classifier.classify(playedTensor(seed), never)));
  const refused = { kind: 'failed', reason: 'bad-answer', detail: 'It is too dark.' };
  assert.deepEqual(answers, [refused, refused]);
  assert.deepEqual(states.all, [{ kind: 'up', engine: 'test' }]);
  await classifier.stop();
});

test('classifier process: an answer given with the last breath still counts', async () => {
  const { classifier } = await started('answer-and-die');
  const answer = await bounded(classifier.classify(playedTensor(9), never), 'the answer');
  assert.equal(reasonOf(answer), 'scores');
  await classifier.stop();
});

test('classifier process: waits longer and longer for one that keeps dying, and never throws', async () => {
  const { classifier, states } = await started('die', { backoff: { firstMs: 1, longestMs: 8, healthyMs: 1e6 } });
  const waits: number[] = [];
  while (waits.length < 5) {
    const before = states.all.length;
    assert.equal(reasonOf(await classifier.classify(playedTensor(1), never)), 'classifier-down');
    const down = states.all[before];
    if (down?.kind === 'down') waits.push(down.retryMs);
    await states.count(before + 2, 'states');
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 8]);
  await classifier.stop();
});

test('classifier process: stopping while it waits to start another one starts none', async () => {
  const { classifier, states } = await started('die', { backoff: { firstMs: 20, longestMs: 20, healthyMs: 1 } });
  await classifier.classify(playedTensor(1), never);
  await classifier.stop();
  const told = states.all.length;
  const clock = new SystemClock();
  await new Promise<void>((resolve) => clock.at(clock.nowNs() + 60e6, resolve));
  assert.equal(states.all.length, told);
});

test('classifier process: killed 50 times at random moments, every request settles once and it comes back', async () => {
  const { classifier, states, lines } = await started('good');
  let settled = 0;
  let open = 0;
  let wrong = 0;
  const tally = new Map<string, number>();
  const onAnswer = (tensor: Uint8Array, answer: Classification): void => {
    settled++;
    open--;
    tally.set(reasonOf(answer), (tally.get(reasonOf(answer)) ?? 0) + 1);
    if (
      answer.kind === 'scores' &&
      answer.scores.some((score, i) => Math.abs(score - (playedScores(tensor)[i] ?? 2)) > 1e-6)
    ) {
      wrong++;
    }
  };
  let asked = 0;
  let flowing = true;
  const flow = async (): Promise<void> => {
    while (flowing) {
      const tensor = playedTensor(asked++);
      open++;
      onAnswer(tensor, await classifier.classify(tensor.slice(), never));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const flows = [flow(), flow(), flow(), flow()];
  let random = 1;
  for (let kill = 0; kill < 50; kill++) {
    const pids = await lines.count(kill + 1, 'process ids');
    random = (random * 48271) % 2147483647;
    // A moment after so many answers or so many turns of the event loop: sometimes while it still loads.
    const target = settled + (random % 300);
    for (let turn = 0; turn < random % 600 && settled < target; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    process.kill(Number(pids[kill]?.slice(4)), 'SIGKILL');
  }
  await lines.count(51, 'process ids');
  const lastUp = states.all.length;
  await bounded(upAgain(states, lastUp), 'the last restart');
  const scoresBefore = tally.get('scores') ?? 0;
  while ((tally.get('scores') ?? 0) <= scoresBefore) await new Promise((resolve) => setImmediate(resolve));
  flowing = false;
  await bounded(Promise.all(flows), 'the last answers');
  await classifier.stop();
  assert.equal(settled, asked);
  assert.equal(open, 0);
  assert.equal(wrong, 0);
  assert.deepEqual([...tally.keys()].sort(), ['classifier-down', 'scores']);
});

/** Resolves once the last state, of those after `from` or the one before, is `up`. */
async function upAgain(states: Inbox<ClassifierState>, from: number): Promise<void> {
  for (let seen = from; states.all.at(-1)?.kind !== 'up'; seen++) await states.count(seen + 1, 'states');
}

test('classifier process: the model ends when the agent is killed', async () => {
  const script = `
    import { ProcessClassifier } from ${JSON.stringify(new URL('./process.ts', import.meta.url).href)};
    import { SystemClock } from ${JSON.stringify(new URL('../clock/system.ts', import.meta.url).href)};
    import * as model from ${JSON.stringify(new URL('../../../test/fixtures/model.ts', import.meta.url).href)};
    const classifier = new ProcessClassifier({
      command: model.playedModel('good'), manifest: model.playedManifest, golden: model.playedGolden,
      clock: new SystemClock(), onLine: (line) => console.log(line),
    });
    await classifier.start();
    console.log('up');`;
  const agent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = new Inbox<string>();
  agent.stdout.setEncoding('utf8').on('data', (text: string) => text.trim().split('\n').forEach(lines.put));
  await lines.first((line) => line === 'up', 'the agent');
  const pid = Number(lines.all.find((line) => line.startsWith('pid'))?.slice(4));
  assert.ok(isAlive(pid));
  agent.kill('SIGKILL');
  const giveUpMs = performance.now() + 10_000;
  while (isAlive(pid) && performance.now() < giveUpMs) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!isAlive(pid), 'the model process is still there');
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
