import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkout, document, linegate } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { notRun, toolMissing } from '../support/not-run.ts';
import { readTraces, runs, straceTo } from '../support/strace.ts';

/** What `npm start` runs. */
const start = ['simulate', '--parts', '20', '--speed', '40', '--json'];

test('no packets: the simulated line runs in a network namespace that has no network', async (t) => {
  const isRoot = process.getuid?.() === 0;
  const unshare = ['unshare', isRoot ? '-n' : '-rn'] as const;
  if (!runs(...unshare, 'true')) {
    notRun('the simulated line without a network', 'this user may not make a network namespace');
    return;
  }
  const ended = await linegate(t, [...start, '--state', temporaryFolder(t)], { under: unshare });
  assert.equal(ended.exitCode, 0, ended.stderr);
  assert.equal(document(ended)['records'], 20);
});

test('no packets: the simulated line opens no socket but its status file and writes nothing outside its state folder', async (t) => {
  if (!runs('strace', '-V')) {
    toolMissing('the simulated line under strace', 'strace');
    return;
  }
  const folder = temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  for (const name of ['home', 'tmp']) mkdirSync(at(name));
  const env = { HOME: at('home'), TMPDIR: at('tmp'), XDG_CACHE_HOME: '', XDG_CONFIG_HOME: '' };
  const ended = await linegate(t, [...start, '--state', at('state')], { under: straceTo(at('trace')), env });
  assert.equal(ended.exitCode, 0, ended.stderr);
  assert.equal(document(ended)['records'], 20);

  const traces = readTraces(readFileSync(at('trace'), 'utf8'), checkout);
  // One socket alone: the file in the state folder that tells the status to whoever may read there.
  const status = /^socket\(AF_UNIX, .*<(socket:\[\d+\])>/.exec(traces.network[0] ?? '')?.[1] ?? 'none';
  const [, bind = ''] = traces.network;
  assert.ok(bind.includes('AF_UNIX') && bind.includes(at('state/agent.sock')), bind);
  assert.deepEqual(
    traces.network.filter((line) => !line.includes(status)),
    [],
  );
  // No exceptions: not a temporary file, not a cache, not even /dev/null.
  assert.deepEqual(
    traces.written.filter((file) => !isWithin(at('state'), file)),
    [],
  );
  assert.deepEqual(readdirSync(at('home')), []);
  assert.deepEqual(readdirSync(at('tmp')), []);

  // It did look at all threads and children: the ledger's thread wrote, the model's process read.
  assert.ok(traces.written.includes(at('state/ledger.sqlite')));
  assert.ok(traces.read.some((file) => file.endsWith('machined-ring/model.onnx')));
  assert.ok(traces.read.some((file) => file.endsWith('onnxruntime_binding.node')));
});

test('no packets: what the test above looks for, it would find', (t) => {
  if (!runs('strace', '-V')) {
    toolMissing('the control of the strace test', 'strace');
    return;
  }
  const folder = temporaryFolder(t);
  const trace = path.join(folder, 'trace');
  const guilty = `
    const { mkdirSync, writeFileSync, renameSync } = require('node:fs');
    mkdirSync('cache'); writeFileSync('cache/id', '1'); renameSync('cache/id', 'cache/uuid');
    const connect = 'require("node:net").connect(9, "127.0.0.1").on("error", () => {})';
    require('node:child_process').spawnSync(process.execPath, ['-e', connect]);`;
  const [program = '', ...args] = [...straceTo(trace), process.execPath, '-e', guilty];
  assert.equal(spawnSync(program, args, { cwd: folder, timeout: 30_000 }).status, 0);
  const traces = readTraces(readFileSync(trace, 'utf8'), folder);
  assert.ok(traces.network.some((call) => call.startsWith('socket(AF_INET')));
  assert.ok(traces.network.some((call) => call.startsWith('connect(')));
  const written = new Set(traces.written.filter((file) => isWithin(folder, file)));
  assert.deepEqual(
    [...written].sort(),
    ['cache', 'cache/id', 'cache/uuid'].map((name) => path.join(folder, name)),
  );
});

function isWithin(folder: string, file: string): boolean {
  return file === folder || file.startsWith(`${folder}${path.sep}`);
}
