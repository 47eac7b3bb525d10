import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadGolden } from '../../agent/config/recipe.ts';
import { openRecipe, type RecipePlaces } from '../../agent/recipes/find.ts';
import { type TinyRecipe, writeTinyRecipe } from '../fixtures/tiny-recipe.ts';
import { Cli, type CliOptions, checkout, document, type Ended, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { toolMissing } from '../support/not-run.ts';
import { assertSentence } from '../support/sentence.ts';

const KILLS = 20;
const TRACER = 'strace';

interface Station extends RecipePlaces {
  readonly state: string;
  bundle(given: TinyRecipe): string;
  recipe(args: readonly string[], options?: CliOptions): Promise<Ended>;
}

function station(t: TestContext): Station {
  const base = temporaryFolder(t);
  const state = path.join(base, 'state');
  return {
    base,
    state,
    installed: path.join(state, 'recipes'),
    bundled: path.join(checkout, 'models', 'int8'),
    bundle(given) {
      const folder = path.join(base, `bundle-${given.version}`);
      writeTinyRecipe(folder, given);
      return folder;
    },
    recipe: (args, options) => linegate(t, ['recipe', ...args, '--state', state], options),
  };
}

async function succeeds(running: Promise<Ended>): Promise<Ended> {
  const ended = await running;
  assert.equal(ended.exitCode, 0, ended.stderr);
  return ended;
}

async function refuses(running: Promise<Ended>, message: RegExp): Promise<void> {
  const ended = await running;
  assert.equal(ended.exitCode, 2, ended.stderr);
  assert.equal(ended.stdout, '');
  const sentence = ended.stderr.trim().split('\n').at(-1) ?? '';
  assertSentence(sentence);
  assert.match(sentence, message);
}

test('recipe: install, list, show, verify, rollback, as text and as one JSON document', async (t) => {
  const work = station(t);
  await succeeds(work.recipe(['install', work.bundle({ version: 1 })]));
  const installed = document(await succeeds(work.recipe(['install', work.bundle({ version: 2 }), '--json'])));
  assert.deepEqual([installed['recipe'], installed['previous'], installed['goldenVectors']], ['tiny@2', 1, 3]);
  const listed = document(await succeeds(work.recipe(['list', '--json'])))['recipes'];
  const tiny = (listed as Record<string, unknown>[]).filter(({ name }) => name === 'tiny');
  assert.deepEqual(
    tiny.map(({ version, from, role }) => [version, from, role]),
    [
      [2, 'installed', 'current'],
      [1, 'installed', 'previous'],
    ],
  );
  assert.match((await succeeds(work.recipe(['list']))).stdout, /tiny +2 +installed +current/);
  const shown = document(await succeeds(work.recipe(['show', 'tiny', '--json'])));
  assert.deepEqual([shown['version'], shown['digest']], [2, installed['digest']]);
  assert.match((await succeeds(work.recipe(['show', 'tiny']))).stdout, /scratch +defect +0\.3 +0\.6/);
  assert.match((await succeeds(work.recipe(['verify', 'tiny']))).stdout, /3 golden vectors reproduce/);
  assert.equal(document(await succeeds(work.recipe(['rollback', 'tiny', '--json'])))['current'], 1);
});

test('recipe: a station uses the installed version, and its records cite it', async (t) => {
  const work = station(t);
  await refuses(linegate(t, ['simulate', '--recipe', 'tiny', '--state', work.state]), /There is no recipe "tiny"/);
  await succeeds(work.recipe(['install', work.bundle({ version: 7 })]));
  assert.equal(openRecipe('tiny', work).id, 'tiny@7');
  // Its labels are no rings: the sentence shows that the station found the recipe.
  await refuses(linegate(t, ['simulate', '--recipe', 'tiny', '--state', work.state]), /it has ok, scratch, dent/);
});

test('recipe: each refusal is one sentence with status 2', async (t) => {
  const work = station(t);
  await refuses(
    work.recipe(['install', work.bundle({ version: 3, goldenOff: 0.5 })]),
    /off by 0\.5000 at golden vector 1/,
  );
  await refuses(work.recipe(['install', '/nowhere']), /cannot be read/);
  await refuses(work.recipe(['show', 'nothing']), /There is no recipe "nothing"/);
  await refuses(work.recipe(['verify', 'nothing']), /There is no recipe "nothing"/);
  await refuses(work.recipe(['rollback', 'nothing']), /There is no recipe "nothing"/);
  await refuses(work.recipe([]), /Say what to do with the recipes/);
  await succeeds(work.recipe(['install', work.bundle({ version: 1 })]));
  appendFileSync(path.join(work.installed, 'tiny', '1', 'model.onnx'), 'x');
  await refuses(work.recipe(['verify', 'tiny']), /has \d+ bytes where its manifest says/);
});

/** The recipe in use must be whole and one of the two, whatever happened to the installer. */
function assertUsable(work: Station, versions: readonly number[]): number {
  const recipe = openRecipe('tiny', work);
  loadGolden(recipe);
  assert.ok(versions.includes(recipe.manifest.version), recipe.id);
  return recipe.manifest.version;
}

test(`recipe: an install killed ${KILLS} times at random moments leaves a whole recipe in use`, async (t) => {
  const work = station(t);
  await succeeds(work.recipe(['install', work.bundle({ version: 1 })]));
  const started = performance.now();
  await succeeds(work.recipe(['install', work.bundle({ version: 2 })]));
  const wholeMs = performance.now() - started;
  let current = 2;
  let random = 7;
  for (let kill = 0; kill < KILLS; kill += 1) {
    random = (random * 48271) % 2147483647;
    const next = current + 1;
    const cli = new Cli(t, ['recipe', 'install', work.bundle({ version: next }), '--state', work.state]);
    // Most of the time goes into starting and into running the model; half of the kills come after the copying began.
    if (kill % 2 === 0) await cli.says(/copying/);
    const killer = setTimeout(() => cli.kill('SIGKILL'), (random / 2147483647) * wholeMs * (kill % 2 === 0 ? 0.6 : 1));
    const { signal, exitCode } = await cli.ended;
    clearTimeout(killer);
    assert.ok(signal === 'SIGKILL' || exitCode === 0);
    current = assertUsable(work, exitCode === 0 ? [next] : [current, next]);
  }
  await succeeds(work.recipe(['install', work.bundle({ version: current + 1 })]));
  assertUsable(work, [current + 1]);
  const left = readdirSync(path.join(work.installed, 'tiny')).filter((entry) => entry.startsWith('.'));
  assert.deepEqual(left, []);
});

test('recipe: an install killed at each of its steps on the disk leaves a whole recipe in use', async (t) => {
  if (spawnSync(TRACER, ['-V']).status !== 0) {
    toolMissing('kills at each step on the disk', TRACER);
    return;
  }
  const work = station(t);
  await succeeds(work.recipe(['install', work.bundle({ version: 1 })]));
  // Copying ends with fsync 10; rename 1 gives the copy its place, rename 2 makes it current.
  const steps = [
    ['fsync', 1],
    ['fsync', 6],
    ['fsync', 10],
    ['rename', 1],
    ['fsync', 11],
    ['fsync', 12],
    ['rename', 2],
    ['fsync', 13],
  ] as const;
  const outcomes: number[] = [];
  for (const [index, [call, when]] of steps.entries()) {
    const folder = work.bundle({ version: index + 2 });
    const under = [
      TRACER,
      '-f',
      '-o',
      '/dev/null',
      '-e',
      `trace=${call}`,
      '-e',
      `inject=${call}:signal=KILL:when=${when}`,
    ];
    const { signal, exitCode } = await work.recipe(['install', folder], { under });
    assert.ok(signal === 'SIGKILL' || exitCode !== 0, `it was not killed at ${call} ${when}`);
    outcomes.push(assertUsable(work, [1, index + 2]));
  }
  assert.deepEqual(outcomes, [1, 1, 1, 1, 1, 1, 1, 9]);
});
