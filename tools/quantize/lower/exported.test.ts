import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { assertCompiles } from '../testing/same-output.ts';

const folder = path.join(import.meta.dirname, '../../../test/fixtures/onnx');
const files = globSync('{torch,keras}-*.onnx', { cwd: folder }).sort();

describe('files that PyTorch and Keras exported', () => {
  it('are all there', () => {
    assert.equal(files.length, 39);
  });

  for (const name of files) {
    it(`${name}: the graph gives what onnxruntime makes of the file`, async () => {
      const { nodes } = await assertCompiles(readFileSync(path.join(folder, name)), [16, 16, 3]);
      const allowed = { excited: ['hard-swish', 'sigmoid', 'mul'], enlarged: ['resize-nearest', 'transpose-conv'] };
      for (const [kind, needed] of Object.entries(allowed)) {
        if (!name.includes(kind)) continue;
        for (const op of needed)
          assert.ok(
            nodes.some((node) => node.op === op),
            op,
          );
      }
    });
  }
});
