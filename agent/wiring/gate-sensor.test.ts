import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CalibrationFile, oneUnit } from '../config/calibration.ts';
import { gatekeeperLineSchema } from '../config/gatekeeper.ts';
import { gateSensorOf } from './gate-sensor.ts';

const rules = { failSafe: 'eject', tooClose: 'eject-neighbour' } as const;
const timed: CalibrationFile = {
  schemaVersion: 1,
  delayMs: 400,
  widthMs: 20,
  recoveryMs: 15,
  leadMs: 10,
  triggerDeadMs: 10,
  ...rules,
};
const counted: CalibrationFile = {
  schemaVersion: 2,
  base: 'encoder',
  encoder: 'single',
  delayCounts: 400,
  widthCounts: 20,
  recoveryCounts: 15,
  leadCounts: 10,
  triggerDeadCounts: 10,
  ...rules,
};

function lineWith(inputs: object) {
  const pin = (line: string) => ({ chip: 'bench', line });
  return gatekeeperLineSchema.parse({
    kind: 'gatekeeper',
    calibration: 'calibration.yaml',
    inputs: { trigger: pin('T'), ...inputs },
    outputs: { gate: pin('G') },
  });
}

test('gate sensor: a part must be at it where the gate would eject it, and a recovery before and after', () => {
  const wired = lineWith({ partAtGate: { chip: 'bench', line: 'P' } });
  assert.deepEqual(gateSensorOf(wired, oneUnit(timed)), { base: 'time', from: 385e6, to: 435e6, dead: 10e6 });
  assert.equal(gateSensorOf(lineWith({}), oneUnit(timed)), undefined);
  assert.deepEqual(gateSensorOf(wired, oneUnit(counted)), { base: 'encoder', from: 385, to: 435, dead: 10 });
});
