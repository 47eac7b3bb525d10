// kill -9 of the classifier and of the whole station at random moments: 10 times each, or LINEGATE_KILLS times.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as moment } from 'node:timers/promises';
import { verifyLedger } from '../../agent/adapters/ledger/read.ts';
import { type Random, randomOf } from '../../agent/core/render/prng.ts';
import { ledgerFile } from '../../agent/main.ts';
import { Cli, document, linegate } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/folders.ts';
import { explanations, type Life, lifeOf, rowsIn, whatOf } from '../support/ledger-story.ts';
import { childrenOf, isRunning } from '../support/processes.ts';

const kills = Number(process.env['LINEGATE_KILLS'] ?? 10);
const seed = Number(process.env['LINEGATE_SEED'] ?? 1);
const endlessMs = 60_000 + kills * 12_000;
const modelProcess = 'onnx-child';

function modelOf(station: number): number | undefined {
  return childrenOf(station, modelProcess)[0];
}

async function audit(t: TestContext, state: string): Promise<Record<string, unknown>> {
  return document(await linegate(t, ['ledger', 'verify', '--state', state, '--json']));
}

test(`kills: the classifier, ${kills} times`, async (t) => {
  const state = temporaryFolder(t);
  const args = ['simulate', '--parts', '0', '--speed', '40', '--state', state, '--json'];
  const station = new Cli(t, args, { timeoutMs: endlessMs });
  const log = path.join(state, 'agent.log');
  const said = (event: RegExp): number => (existsSync(log) ? (readFileSync(log, 'utf8').match(event)?.length ?? 0) : 0);
  const ups = (): number => said(/"event":"classifier","kind":"up"/g);
  const random = randomOf(seed, 1);
  await eventually(() => (said(/"event":"started"/g) > 0 ? true : undefined), 'the start');
  for (let kill = 1; kill <= kills; kill += 1) {
    await moment(random() * 2000);
    // Its process may be up, still loading, or not yet started again.
    const model = await eventually(() => modelOf(station.pid), `the process after kill ${kill - 1}`);
    process.kill(model, 'SIGKILL');
    await eventually(() => (isRunning(model) ? undefined : true), `the end of process ${model}`);
  }
  const before = ups();
  await eventually(() => (ups() > before || modelIsUp(log) ? true : undefined), 'the last restart');
  station.kill('SIGINT');
  const ended = await station.ended;
  assert.equal(ended.exitCode, 0, ended.stderr);
  assert.equal(said(/"event":"classifier","kind":"down"/g), kills);

  const { parts, triggers, records, unaccounted, wrongPartEjections, noVerdicts, ...rest } = document(ended);
  assert.deepEqual({ triggers, records, unaccounted }, { triggers: parts, records: parts, unaccounted: 0 });
  assert.deepEqual(
    { wrongPartEjections, failSafeActions: rest['failSafeActions'] },
    { wrongPartEjections: 0, failSafeActions: noVerdicts },
  );
  const down = Number(Object(rest['reasons'])['classifier-down']);
  assert.ok(down > 0 && Number(noVerdicts) < Number(parts), `${down} of ${parts} parts met no classifier`);
  const { ok, open, gaps, findings } = await audit(t, state);
  assert.deepEqual({ ok, open, gaps, findings }, { ok: true, open: 0, gaps: 0, findings: [] });
  t.diagnostic(`${kills} kills, ${parts} parts, ${noVerdicts} without a verdict: ${JSON.stringify(rest['reasons'])}`);
});

/** Whether the last that the log tells of the classifier is that it is up. */
function modelIsUp(log: string): boolean {
  const states = readFileSync(log, 'utf8').match(/"event":"classifier","kind":"(up|down)"/g);
  return states?.at(-1)?.includes('"up"') === true;
}

/** A station that logs all that it does and never ends. */
function stationIn(t: TestContext): string {
  const folder = temporaryFolder(t);
  const line = { kind: 'simulator', partsPerSecond: 40, parts: 0 };
  const common = { schemaVersion: 1, station: 'killed', recipe: 'machined-ring', stateFolder: 'state' };
  const document = { ...common, line, camera: { kind: 'simulator' }, log: { level: 'debug' } };
  writeFileSync(path.join(folder, 'station.yaml'), JSON.stringify(document));
  return folder;
}

/** Starts the station and kills it: one time in five before it runs; one time in three alone, not with its children. */
async function liveAndDie(t: TestContext, folder: string, random: Random): Promise<Life> {
  const station = new Cli(t, ['run', '--config', path.join(folder, 'station.yaml')]);
  const [early, alone, wait] = [random() < 0.2, random() < 0.33, random()];
  if (!early) await station.says(/"event":"started"/);
  await moment(wait * (early ? 1000 : 1800));
  const model = modelOf(station.pid);
  if (alone) station.kill('SIGKILL');
  else station.killGroup('SIGKILL');
  const { signal, stderr } = await station.ended;
  assert.equal(signal, 'SIGKILL', `the station had ended by itself: ${stderr.slice(-1000)}`);
  if (model !== undefined) await eventually(() => (isRunning(model) ? undefined : true), 'the end of the orphan');
  return lifeOf(stderr);
}

/** The last life, which ends in good order. */
async function liveOn(t: TestContext, folder: string): Promise<Life> {
  const station = new Cli(t, ['run', '--config', path.join(folder, 'station.yaml')]);
  await station.says(/"event":"recorded".*"what":"(?!agent-down)/);
  station.kill('SIGTERM');
  const ended = await station.ended;
  assert.equal(ended.exitCode, 0, ended.stderr.slice(-2000));
  return lifeOf(ended.stderr);
}

test(`kills: the whole station, ${kills} times; nothing acknowledged is lost, every trigger is accounted for`, async (t) => {
  const folder = stationIn(t);
  const state = path.join(folder, 'state');
  const random = randomOf(seed, 2);
  const lives: Life[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    lives.push(await liveAndDie(t, folder, random));
    if (!existsSync(path.join(state, ledgerFile)) || !lives.some(({ started }) => started)) continue;
    const { ok, findings } = await verifyLedger(path.join(state, ledgerFile));
    assert.ok(ok, `after kill ${kill}: ${findings.join(' ')}`);
  }
  lives.push(await liveOn(t, folder));

  const { ok, open, gaps, findings } = await audit(t, state);
  // The journal knows every trigger when only processes die: no part is left to a gap.
  assert.deepEqual({ ok, open, gaps, findings }, { ok: true, open: 0, gaps: 0, findings: [] });
  const rows = await rowsIn(state);
  const times = explanations(rows);
  const highest = Math.max(...times.keys());
  for (let part = 1; part <= highest; part += 1) assert.equal(times.get(part), 1, `part ${part}`);
  const triggered = lives.flatMap((life) => life.triggered);
  assert.equal(new Set(triggered).size, triggered.length, 'a part number was used twice');
  for (const part of triggered) assert.ok(part <= highest, `part ${part} is lost`);

  const rowOf = new Map(rows.map((row) => [row.seq, row]));
  const acknowledged = lives.flatMap((life) => life.acknowledged);
  for (const { seq, part, what } of acknowledged) {
    const row = rowOf.get(seq);
    assert.deepEqual({ part: row?.part, what: row && whatOf(row) }, { part, what }, `acknowledged as row ${seq}`);
  }
  assert.equal(new Set(acknowledged.map(({ part }) => part)).size, acknowledged.length, 'a part was told twice');

  const interrupted = rows.filter((row) => row.part !== null && whatOf(row) === 'agent-down');
  const running = lives.filter(({ started }) => started).length;
  assert.ok(interrupted.length > 0 && running > kills / 2, `${interrupted.length} interrupted, ${running} lives`);
  const told = `${acknowledged.length} of them acknowledged, ${interrupted.length} interrupted by a kill`;
  t.diagnostic(`${kills} kills, ${running} of ${lives.length} lives ran, ${highest} parts, ${told}`);
});
