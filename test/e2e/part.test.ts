// `linegate part`: one part's whole story.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { document, type Ended, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { assertRefused } from '../support/refused.ts';

async function simulated(t: TestContext, ...args: string[]): Promise<string> {
  const state = temporaryFolder(t);
  const run = ['simulate', '--parts', '30', '--virtual-time', '--state', state, '--json', ...args];
  const ended = await linegate(t, run);
  assert.equal(ended.exitCode, 0, ended.stderr);
  return state;
}

function tell(t: TestContext, state: string, ...args: string[]): Promise<Ended> {
  return linegate(t, ['part', '--state', state, ...args]);
}

test('part: the story of a reject, as text and as one document that agree; its picture to be opened', async (t) => {
  const state = await simulated(t);
  const exported = await linegate(t, ['ledger', 'export', '--format', 'jsonl', '--state', state]);
  const rows = exported.stdout.trimEnd().split('\n');
  const row = rows.map((line) => JSON.parse(line)).find(({ outcome }) => outcome === 'reject');
  const copy = path.join(state, 'copy.png');
  const ended = await tell(t, state, String(row.part), '--json', '--open', copy);
  assert.equal(ended.exitCode, 0, ended.stderr);
  const story: Record<string, never> = Object(document(ended));
  const { kind, part, outcome, stored, recipe, gate, scores, picture, unknown } = Object(story);
  assert.deepEqual([kind, part, outcome], ['part', row.part, 'reject']);
  assert.deepEqual([stored.seq, stored.hash, stored.chain], [row.seq, row.hash, true]);
  assert.equal(recipe.id, row.recipe);
  assert.deepEqual([gate.action, gate.cause, gate.confirmation], ['eject', 'verdict', 'confirmed']);
  assert.equal(Math.max(...scores.map(({ score }: { score: number }) => score)).toFixed(4), row.score.toFixed(4));
  assert.deepEqual(unknown, []);
  assert.deepEqual(readFileSync(copy), readFileSync(picture.file));
  const { deadlineMs, leftMs, judged } = Object(story);
  assert.ok(gate.pulse.onMs > deadlineMs && deadlineMs > judged.atMs);
  assert.equal(Math.round(leftMs * 1e3), Math.round((deadlineMs - judged.atMs) * 1e3));
  const text = await tell(t, state, String(row.part));
  assert.equal(text.exitCode, 0, text.stderr);
  for (const expected of ['trigger', 'deadline', 'gate on', 'chain holds', recipe.id, picture.file, stored.hash])
    assert.ok(text.stdout.includes(expected), `the text has no ${expected}`);
});

test('part: a pass whose picture was not kept, and a picture that is gone', async (t) => {
  const state = await simulated(t);
  const { outcome, picture } = Object(document(await tell(t, state, '1', '--json')));
  assert.deepEqual([outcome, picture], ['pass', null]);
  const refused = await tell(t, state, '1', '--open', path.join(state, 'none.png'));
  assertRefused(refused, 2, /Part 1 has no picture/);
  assert.ok(!existsSync(path.join(state, 'none.png')));
  rmSync(path.join(state, 'pictures'), { recursive: true });
  const rows = await linegate(t, ['ledger', 'export', '--format', 'jsonl', '--state', state]);
  const lines = rows.stdout.trimEnd().split('\n');
  const reject = lines.map((line) => JSON.parse(line)).find((row) => row.outcome === 'reject');
  const gone = await tell(t, state, String(reject.part));
  assert.match(gone.stdout, /reject\/\d+\.png, which is not there any more/);
});

const bad: Readonly<Record<string, readonly [args: readonly string[], exitCode: number, about: RegExp]>> = {
  'a part that is not known': [['31'], 2, /Part 31 is not known: this ledger knows parts 1 to 30\./],
  'part 0': [['0'], 2, /"0" is not the number of a part/],
  'no number': [['seven'], 2, /"seven" is not the number of a part/],
  'a number beyond counting': [['99999999999999999999'], 2, /is not the number of a part/],
  'a fraction': [['1.5'], 2, /"1\.5" is not the number of a part/],
  'no part': [[], 2, /Not enough non-option arguments/],
};

test('part: refuses in one sentence', async (t) => {
  const state = await simulated(t);
  for (const [name, [args, exitCode, about]] of Object.entries(bad)) {
    await t.test(name, async (inner) => assertRefused(await tell(inner, state, ...args), exitCode, about));
  }
  await t.test('a folder without a ledger', async (inner) =>
    assertRefused(await tell(inner, temporaryFolder(inner), '1'), 3, /no ledger/),
  );
});
