import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { residualModel } from './testing/test-model.ts';

const command = path.join(import.meta.dirname, 'quantize.ts');

describe('the quantize command', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'linegate-quantize-command-'));
    writeFileSync(path.join(folder, 'model.onnx'), residualModel().slice(0, 900));
    writeFileSync(path.join(folder, 'recipe.json'), '{"name": "Not A Name", "surprise": 1}');
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (...words: string[]) =>
    spawnSync(process.execPath, [command, ...words], { cwd: folder, encoding: 'utf8', timeout: 60_000 });

  it('shows its help', () => {
    const { status, stdout } = run('--help');
    assert.equal(status, 0);
    assert.match(stdout, /--calibrate/);
  });

  it('answers what it cannot use with one sentence and exit 2', () => {
    const common = ['--calibrate', '.', '--out', 'bundle'];
    const cases = [
      { words: ['model.onnx'], message: /Missing required arguments/ },
      {
        words: ['model.onnx', '--recipe-config', 'none.json', ...common],
        message: /none\.json cannot be read as JSON/,
      },
      { words: ['model.onnx', '--recipe-config', 'recipe.json', ...common], message: /name must be lower-case/ },
      { words: ['model.onnx', '--recipe-config', 'recipe.json', '--nonsense', ...common], message: /nonsense/ },
    ];
    for (const { words, message } of cases) {
      const { status, stderr } = run(...words);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
      assert.match(stderr, /^quantize: [^\n]+\n$/);
    }
  });
});
