import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { optimisedOperators } from '../report/fusion.ts';
import { floatTwin } from './float-twin.ts';
import { measureBundle, verdictOn } from './measure-bundle.ts';

const bundle = path.join(import.meta.dirname, '../../../models/int8/solar-module');

describe('measureBundle', () => {
  it('times a landed bundle beside its layers in float', async () => {
    const { recipe, latencyMs, faster } = await measureBundle(bundle);
    assert.match(recipe, /^solar-module@\d+$/);
    assert.ok(latencyMs.float.median > 0 && latencyMs.int8.median > 0);
    assert.equal(faster, latencyMs.int8.median <= latencyMs.float.median ? 'int8' : 'float');
  });

  it('warns with both figures where INT8 is slower', () => {
    const of = (median: number) => ({ min: median, median });
    assert.deepEqual(verdictOn({ float: of(2), int8: of(1) }), { faster: 'int8', warnings: [] });
    const { faster, warnings } = verdictOn({ float: of(1), int8: of(1.5) });
    assert.equal(faster, 'float');
    assert.match(warnings.join(), /slower than float .* 1\.5 ms against 1 ms/);
  });

  it('says in one sentence what is no bundle', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'linegate-measure-test-'));
    await assert.rejects(measureBundle(folder), { code: 'bad-argument', message: /manifest\.json cannot be read/ });
    await writeFile(path.join(folder, 'manifest.json'), '{}');
    await assert.rejects(measureBundle(folder), { code: 'bad-recipe', message: /not the manifest of a bundle/ });
    await rm(folder, { recursive: true });
  });
});

describe('floatTwin', () => {
  it('has all layers in float and nothing quantised but the picture', async () => {
    const file = await readFile(path.join(bundle, 'model.onnx'));
    const [int8, float] = [await optimisedOperators(file), await optimisedOperators(floatTwin(file))];
    assert.ok(!float['QLinearConv'] && !float['QuantizeLinear'] && (float['DequantizeLinear'] ?? 0) <= 1);
    assert.equal((float['Conv'] ?? 0) + (float['FusedConv'] ?? 0), int8['QLinearConv']);
  });
});
