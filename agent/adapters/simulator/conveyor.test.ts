import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWhole, virtualStation } from '../../../test/support/virtual-station.ts';

for (const partsPerSecond of [0.01, 1, 10, 60, 100, 300, 1000]) {
  test(`conveyor: at ${partsPerSecond} parts a second the gate sorts every part`, async () => {
    const whole = virtualStation({ parts: 300, partsPerSecond, maxInspections: 64, latencyMs: 0.5 });
    await runWhole(whole);
    const { triggers, records, unaccounted, wrongPartEjections, missedEjections, noVerdicts, escapes, falseRejects } =
      whole.judge.summary();
    assert.deepEqual({ triggers, records, unaccounted }, { triggers: 300, records: 300, unaccounted: 0 });
    assert.deepEqual(
      { wrongPartEjections, missedEjections, escapes },
      { wrongPartEjections: 0, missedEjections: 0, escapes: 0 },
    );
    assert.deepEqual({ noVerdicts, falseRejects }, { noVerdicts: 0, falseRejects: 0 });
  });
}
