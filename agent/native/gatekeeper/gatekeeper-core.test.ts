import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { clang, warningFlags } from '../clang/flags.ts';
import { runProgram } from '../clang/programs.ts';
import { keeperModelSources, keeperTestSources, modelFlags } from './sources.ts';

const native = join(import.meta.dirname, '..');
const sanitizers = ['-g', '-O2', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
const missing = spawnSync(clang, ['--version']).status !== 0;
const skip = missing && process.env['CI'] !== 'true' ? `${clang} cannot be started` : false;

describe('the core of the gatekeeper', { skip }, () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'linegate-gatekeeper-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function build(name: string, sources: readonly string[], flags: readonly string[]): string {
    const program = join(folder, name);
    runProgram(clang, [...warningFlags, ...flags, ...sources, '-o', program], { cwd: native });
    return program;
  }

  function outputOf(program: string, args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 240_000 });
    assert.equal(status, 0, `${stdout}${stderr}`);
    return stdout;
  }

  it('keeps its rules, and sorts 100,000 parts by encoder counts', (t) => {
    const output = outputOf(build('tests', keeperTestSources, sanitizers), ['100000']);
    assert.match(output, /wrong ejections 0 \(READY off 0\), escapes 0 .*\nok\n$/s);
    t.diagnostic(output);
  });

  it('keeps invariants 2, 3 and 5 in every order of what can happen, up to three parts and one fault', (t) => {
    const program = build('model', keeperModelSources, modelFlags);
    for (const [parts, faults] of [
      ['3', '0'],
      ['2', '1'],
    ] as const) {
      const output = outputOf(program, [parts, faults]);
      assert.match(output, /^model: . parts, . faults: \d{5,} states/);
      t.diagnostic(output);
    }
  });
});
