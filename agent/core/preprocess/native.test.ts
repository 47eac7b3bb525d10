import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { clang } from '../../native/clang/flags.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sources = globSync('agent/native/preprocess/{axis,colour,preprocess,resample,host/golden}.c', { cwd: root });
const golden = globSync('test/golden/preprocess/*.bin', { cwd: root });
const sanitizers = ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

const found = spawnSync(clang, ['--version']).status === 0;
if (!found) {
  console.error(`NOT RUN: the preprocess as native code under sanitizers; install ${clang} to run it.`);
}

/** The firmware's C, without SIMD: the same bytes as the WebAssembly, and no step outside of its memory. */
if (found) {
  it('gives the bytes of the golden files as native code under sanitizers', () => {
    const folder = mkdtempSync(join(tmpdir(), 'linegate-preprocess-'));
    try {
      const program = join(folder, 'golden');
      const built = spawnSync(clang, [...sanitizers, '-std=c11', ...sources, '-o', program], {
        cwd: root,
        encoding: 'utf8',
      });
      assert.equal(built.status, 0, built.stderr);
      assert.ok(golden.length > 0);
      const ran = spawnSync(program, golden, { cwd: root, encoding: 'utf8' });
      assert.equal(ran.stdout, `${golden.length} of ${golden.length} golden files agree\n`, ran.stderr);
      assert.equal(ran.status, 0, ran.stderr);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
