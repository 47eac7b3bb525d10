// A log, a pipe or a disk that takes nothing any more must not stop a line.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { verifyLedger } from '../../agent/adapters/ledger/read.ts';
import { ledgerFile } from '../../agent/main.ts';
import { Cli, document, linegate } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/folders.ts';
import { rowsIn } from '../support/ledger-story.ts';
import { notRun } from '../support/not-run.ts';
import { assertSentence } from '../support/sentence.ts';
import { runs } from '../support/strace.ts';

/** Runs the command by a shell, with something done to its output. */
function shell(redirection: string): readonly string[] {
  return ['bash', '-c', `set -o pipefail; "$@" ${redirection}`, 'bash'];
}

test('nobody reads: a pipe that is closed ends a command quietly', async (t) => {
  const state = temporaryFolder(t);
  const simulate = ['simulate', '--virtual-time', '--parts', '600', '--state', state];
  const simulated = await linegate(t, simulate, { under: shell('2>&1 | head -n 1') });
  assert.deepEqual([simulated.exitCode, simulated.stderr], [0, '']);
  assert.match(simulated.stdout, /^60 of 600 parts: .+\n$/);
  for (const args of [['tail', '--lines', '600'], ['export'], ['verify']]) {
    const piped = await linegate(t, ['ledger', ...args, '--state', state], { under: shell('| head -c 1') });
    assert.deepEqual([piped.exitCode, piped.stderr, piped.stdout.length], [0, '', 1]);
  }
});

test('nobody reads: a result that cannot be written is a fault, in one sentence', async (t) => {
  const state = temporaryFolder(t);
  const args = ['simulate', '--virtual-time', '--parts', '20', '--json', '--state', state];
  const deaf = await linegate(t, args, { under: shell('> /dev/full') });
  assert.equal(deaf.exitCode, 3);
  const last = deaf.stderr.trimEnd().split('\n').at(-1) ?? '';
  assert.match(last, /^linegate: Standard output cannot be written \(ENOSPC/);
  assertSentence(last);
  const mute = await linegate(t, args, { under: shell('2> /dev/full') });
  assert.equal(mute.exitCode, 0);
  assert.equal(document(mute)['records'], 20);
});

test('nobody reads: a station goes on when its log cannot be written', async (t) => {
  const folder = temporaryFolder(t);
  const state = path.join(folder, 'state');
  const line = { kind: 'simulator', partsPerSecond: 40, parts: 0 };
  const common = { schemaVersion: 1, station: 'mute', recipe: 'machined-ring', stateFolder: 'state' };
  const station = { ...common, line, camera: { kind: 'simulator' }, log: { level: 'debug' } };
  writeFileSync(path.join(folder, 'station.yaml'), JSON.stringify(station));
  const under = ['bash', '-c', 'exec "$@" 2> /dev/full', 'bash'];
  const cli = new Cli(t, ['run', '--config', path.join(folder, 'station.yaml')], { under });
  await eventually(async () => ((await rowCount(state)) > 60 ? true : undefined), 'the sixtieth row');
  cli.kill('SIGTERM');
  assert.equal((await cli.ended).exitCode, 0);
  const { ok, open, findings } = await verifyLedger(path.join(state, ledgerFile));
  assert.deepEqual({ ok, open, findings }, { ok: true, open: 0, findings: [] });
});

async function rowCount(state: string): Promise<number> {
  try {
    return (await rowsIn(state)).length;
  } catch {
    // There is no ledger yet.
    return 0;
  }
}

test('nobody reads: a disk that is full stops neither the line nor its end, which says what is lost', async (t) => {
  const state = temporaryFolder(t);
  const mount = 'mount -t tmpfs -o size=300k none "$0" && exec "$@"';
  const under = ['unshare', '-m', 'bash', '-c', mount, state];
  if (!runs(...under, 'true')) {
    notRun('a full disk', 'this user may not mount one');
    return;
  }
  const args = ['simulate', '--parts', '200', '--speed', '40', '--keep', 'all', '--json', '--state', state];
  const { exitCode, stdout, stderr } = await linegate(t, args, { under });
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  assert.match(last, /^linegate: The ledger could not be closed within \d+ ms: (?!0)\d+ rows did not reach the disk/);
  assertSentence(last);
  assert.deepEqual([exitCode, stdout], [3, '']);
});
