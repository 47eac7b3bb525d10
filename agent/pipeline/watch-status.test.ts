import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWhole, virtualStation } from '../../test/support/virtual-station.ts';
import { Watch } from './watch.ts';
import { StatusBoard } from './watch-status.ts';

const limits = {
  rejectsInARow: 50,
  unconfirmedInARow: 2,
  noVerdictShare: 0.05,
  cameraStalledMs: 5000,
  ledgerSlowMs: 2000,
  headroom: 0.1,
  dropPicturesAt: 0.8,
};

test('status board: tells what the station did and how its parts are', async () => {
  const whole = virtualStation({ parts: 100 });
  const { clock, ledger } = whole;
  const watch = new Watch({ clock, ledger, limits, observe: () => {}, flushMs: null });
  const board = new StatusBoard({
    clock,
    station: 'desk',
    recipe: 'flat@1',
    software: '0.1.0',
    watch,
    disk: () => ({ usedShare: 0.5, freeBytes: 10, totalBytes: 20 }),
    uplink: () => ({ backlogRows: 7, lastAckWallMs: null }),
  });
  await runWhole(whole);
  for (const observation of whole.observations) {
    watch.observe(observation);
    board.observe(observation);
  }
  watch.take({ kind: 'uplink', state: 'disconnected', reason: 'no route' });
  watch.take({ kind: 'ledger', state: 'failing', message: 'The disk is full.' });
  const { sinceStart, latencyMs, headroom, uptimeMs, wallMs, alarms, line, ...rest } = board.status();
  assert.equal(line.ready, 'unknown');
  assert.ok(line.gateLateMs.moves >= 2 * 10 && line.gateLateMs.max !== null && line.gateLateMs.max < 1);
  const { pass = 0, reject = 0 } = sinceStart.outcomes;
  assert.equal(pass + reject, 100);
  assert.equal(sinceStart.parts, 100);
  assert.ok(latencyMs.p50 !== null && latencyMs.p50 >= 5 && latencyMs.p50 <= (latencyMs.p99 ?? 0));
  assert.ok(headroom !== null && headroom > 0.5 && uptimeMs > 9000 && wallMs === clock.wallMs());
  assert.deepEqual(
    alarms.map(({ id }) => id),
    ['ledger-slow'],
  );
  assert.deepEqual(rest, {
    v: 1,
    station: 'desk',
    recipe: 'flat@1',
    software: '0.1.0',
    classifier: { state: 'ok', detail: null },
    camera: { state: 'ok', detail: null },
    ledger: { state: 'failing', detail: 'The disk is full.' },
    uplink: { state: 'disconnected', detail: 'no route', backlogRows: 7, lastAckWallMs: null },
    disk: { usedShare: 0.5, freeBytes: 10 },
    lastPart: 100,
  });
});
