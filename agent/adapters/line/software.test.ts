import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inProcess, lineContract } from '../../../test/contracts/line.ts';
import type { TrackerCalibration } from '../../core/track/calibration.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { NoGate } from '../gate/none.ts';
import { MemoryJournal } from '../journal/memory.ts';
import { IntervalTrigger } from '../trigger/interval.ts';
import { SoftwareLine } from './software.ts';

const calibration: Omit<TrackerCalibration, 'firstPart'> = {
  base: 'time',
  delayNs: 390e6,
  widthNs: 20e6,
  recoveryNs: 20e6,
  leadNs: 10e6,
  triggerDeadNs: 10e6,
  failSafe: 'eject',
  tooClose: 'eject-neighbour',
  confirm: 'none',
  confirmFromNs: 0,
  confirmToNs: 0,
};

lineContract(
  'software line',
  inProcess(({ clock, journal }) => {
    const trigger = new IntervalTrigger(clock, 100);
    return new SoftwareLine({ clock, trigger, gate: new NoGate(), journal, calibration });
  }),
);

test('software line: drives the gate as the tracker says, and leaves it de-energised', async () => {
  const clock = new VirtualClock();
  const moves: [string, number][] = [];
  const gate = {
    start: async () => {},
    set: (state: 'active' | 'inactive') => void moves.push([state, clock.nowNs()]),
    stop: async () => void moves.push(['stopped', clock.nowNs()]),
  };
  const trigger = new IntervalTrigger(clock, 1000);
  const line = new SoftwareLine({ clock, trigger, gate, journal: new MemoryJournal('boot'), calibration });
  await line.start(1, () => {});
  await clock.run(() => clock.nowNs() >= 1.9e9);
  await line.stop();
  assert.deepEqual(moves, [
    ['active', 1.39e9],
    ['inactive', 1.41e9],
    ['stopped', clock.nowNs()],
  ]);
});

test('software line: a stop is told once, and again after somebody has resumed the line', async () => {
  const clock = new VirtualClock();
  const trigger = new IntervalTrigger(clock, 100);
  const stopping = { ...calibration, failSafe: 'stop-line' } as const;
  const journal = new MemoryJournal('boot');
  const line = new SoftwareLine({ clock, trigger, gate: new NoGate(), journal, calibration: stopping });
  const stops: number[] = [];
  await line.start(1, (event) => event.kind === 'stop-line' && stops.push(event.part));
  await clock.run(() => clock.nowNs() >= 1e9);
  assert.deepEqual(stops, [1]);
  assert.equal(line.resume(), true);
  await clock.run(() => clock.nowNs() >= 2e9);
  assert.equal(stops.length, 2);
  await line.stop();
});
