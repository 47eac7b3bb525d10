import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWhole, virtualStation } from '../../test/support/virtual-station.ts';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import type { AlarmInput } from '../core/alarms/input.ts';
import type { ClosedPart, NoVerdictReason } from '../core/part-record.ts';
import type { NewRow } from '../ports/ledger.ts';
import type { LineEvent } from '../ports/line.ts';
import type { Observation } from './observation.ts';
import { Watch } from './watch.ts';
import { partInput } from './watch-part.ts';

const limits = {
  rejectsInARow: 5,
  unconfirmedInARow: 2,
  noVerdictShare: 0.05,
  cameraStalledMs: 5000,
  ledgerSlowMs: 2000,
  headroom: 0.1,
  dropPicturesAt: 0.8,
};

function watched(append?: (row: NewRow) => Promise<number | null>) {
  const clock = new VirtualClock();
  const rows: NewRow[] = [];
  const observed: Observation[] = [];
  const keep = async (row: NewRow): Promise<number> => rows.push(row);
  const watch = new Watch({
    clock,
    ledger: { append: append ?? keep },
    limits,
    observe: (observation) => observed.push(observation),
    flushMs: 1000,
  });
  const runTo = async (seconds: number): Promise<void> => {
    let there = false;
    clock.at(seconds * 1e9, () => {
      there = true;
    });
    await clock.run(() => there);
  };
  const standing = (): string[] => watch.standing.map(({ id }) => id);
  return { clock, rows, observed, watch, runTo, standing };
}

function late(part: number): ClosedPart {
  return {
    state: 'closed',
    part,
    triggerNs: 0,
    triggerWallMs: 0,
    deadlineNs: 1e8,
    frame: null,
    pulse: null,
    judgement: { kind: 'no-verdict', reason: 'late', detail: '', atNs: 1e8 },
    late: null,
    action: 'eject',
    cause: 'fail-safe',
    resolvedNs: 1e8,
    tooClose: false,
    confirmation: 'none',
    closedNs: 1e8,
  };
}

const down: AlarmInput = { kind: 'classifier', state: 'down', detail: 'it died' };

test('watch: an alarm is a row that must not wait and an observation, when raised and when cleared', async () => {
  const { rows, observed, watch, runTo, standing } = watched();
  watch.start();
  watch.take(down);
  watch.take(down);
  assert.deepEqual(standing(), ['classifier-down']);
  watch.take({ kind: 'classifier', state: 'up' });
  await runTo(20);
  assert.deepEqual(standing(), []);
  watch.stop();
  assert.deepEqual(
    rows.map(({ kind, outcome, urgent, payload }) => [kind, outcome, urgent, payload['id']]),
    [
      ['event', 'alarm-raised', true, 'classifier-down'],
      ['event', 'alarm-cleared', true, 'classifier-down'],
    ],
  );
  assert.equal(rows[0]?.payload['sentence'], 'The classifier does not answer (it died).');
  assert.deepEqual(
    observed.map((observation) => observation.kind === 'alarm' && observation.change),
    ['raised', 'cleared'],
  );
});

test('watch: a ledger that refuses the row of an alarm costs that row alone', async () => {
  const { observed, watch, runTo, standing } = watched(async () => {
    throw new Error('The ledger is closed.');
  });
  watch.take(down);
  await runTo(1);
  assert.deepEqual(
    observed.map(({ kind }) => kind),
    ['alarm', 'broken'],
  );
  assert.deepEqual(standing(), ['classifier-down']);
});

test('watch: a station that stops raises nothing', async () => {
  const { observed, watch, standing } = watched();
  watch.stop();
  watch.stop();
  watch.take(down);
  watch.observe({ kind: 'line', event: { kind: 'fault', message: 'gone', atNs: 0 } });
  assert.deepEqual([observed, standing()], [[], []]);
});

test('watch: a clock that is set, a fault of the line, a part that nobody saw', async () => {
  const { clock, watch, runTo, standing } = watched();
  watch.start();
  await runTo(3);
  assert.deepEqual(standing(), []);
  const wall = clock.wallMs.bind(clock);
  clock.wallMs = () => wall() - 7_200_000;
  await runTo(5);
  watch.observe({ kind: 'line', event: { kind: 'stop-line', part: 7, reason: 'too-close', atNs: 5e9 } });
  watch.observe({ kind: 'finding', finding: { kind: 'missing-part', part: 3, atNs: 5e9 } });
  watch.observe({ kind: 'finding', finding: { kind: 'unseen-part', atNs: 5e9 } });
  assert.deepEqual(standing(), ['clock-stepped', 'line-fault', 'unseen-part']);
  assert.match(watch.standing[0]?.sentence ?? '', /by -7200 s/);
  watch.stop();
});

test('watch: a record that waits too long for the disk is noticed while it waits, a pass not before its time', async () => {
  const { watch, runTo, standing } = watched();
  const closed = { kind: 'closed', scheduledNs: 0, lateNs: 0, verdict: 'none', tooClose: false } as const;
  const settled = { action: 'eject', cause: 'fail-safe', confirmation: 'none' } as const;
  watch.start();
  watch.observe({ kind: 'line', event: { ...closed, ...settled, part: 1, atNs: 0 } });
  await runTo(2);
  watch.observe({ kind: 'recorded', record: late(1), seq: 1 });
  assert.deepEqual(standing(), []);
  watch.observe({ kind: 'line', event: { ...closed, ...settled, part: 2, atNs: 2e9 } });
  assert.deepEqual(standing(), []);
  await runTo(6.5);
  assert.deepEqual(standing(), ['ledger-slow']);
  watch.stop();
});

test('watch: what a record means to the alarms', () => {
  const none = (reason: NoVerdictReason, frame: ClosedPart['frame'] = null) => {
    const {
      outcome,
      frame: seen,
      headroom,
    } = partInput({
      ...late(1),
      frame,
      judgement: { kind: 'no-verdict', reason, detail: '', atNs: 5e7 },
    });
    return [outcome, seen, headroom];
  };
  assert.deepEqual(none('late'), ['no-verdict', 'missed', 0]);
  assert.deepEqual(none('late', { sensorNs: 0, clock: 'monotonic', sequence: 1 }), ['no-verdict', 'taken', 0]);
  assert.deepEqual(none('no-frame'), ['no-verdict', 'missed', null]);
  assert.deepEqual(none('overflow'), ['no-verdict', 'not-asked', null]);
  assert.deepEqual(none('agent-down'), ['void', 'not-asked', null]);
  assert.deepEqual(none('line-stopped'), ['void', 'not-asked', null]);
  const judged = { kind: 'verdict', verdict: 'pass', label: 'good', score: 1, scores: [1], atNs: 75e6 } as const;
  assert.equal(partInput({ ...late(1), judgement: judged }).headroom, 0.25);
  assert.equal(partInput({ ...late(1), judgement: judged, deadlineNs: null }).headroom, null);
  assert.equal(partInput({ ...late(1), judgement: { kind: 'recovered', verdict: 'pass', atNs: 0 } }).headroom, null);
});

test('watch: over a whole virtual line, no alarm while all is well, and the right ones without a classifier', async () => {
  const alarmsOf = async (classifier: boolean): Promise<string[]> => {
    const whole = virtualStation({ parts: 300 });
    if (!classifier) whole.classifier.start = async () => {};
    const { clock, ledger } = whole;
    await runWhole(whole);
    const watch = new Watch({
      clock,
      ledger,
      limits: { ...limits, rejectsInARow: 50 },
      observe: () => {},
      flushMs: null,
    });
    for (const observation of whole.observations) watch.observe(observation);
    return watch.standing.map(({ id }) => id);
  };
  assert.deepEqual(await alarmsOf(true), []);
  assert.deepEqual(await alarmsOf(false), ['no-verdicts']);
});

test('watch: what the line says of its ready and of the bin is told to people', async () => {
  const { clock, watch, runTo, standing, observed } = watched();
  const hear = (event: LineEvent): void => watch.observe({ kind: 'line', event });
  watch.start();
  const atNs = clock.nowNs();
  hear({ kind: 'ready', on: false, why: ['stopped'], atNs });
  hear({ kind: 'signal', signal: 'bin-full', active: true, atNs });
  hear({ kind: 'signal', signal: 'estop-status', active: true, atNs });
  await runTo(7);
  assert.deepEqual(standing(), ['bin-full', 'not-ready']);
  const sentences = observed.flatMap((each) => (each.kind === 'alarm' ? [each.alarm.sentence] : []));
  assert.equal(sentences[1], 'READY is off: the line was stopped and nobody has resumed it.');
  hear({ kind: 'ready', on: false, why: ['gatekeeper-gone'], atNs });
  hear({ kind: 'signal', signal: 'bin-full', active: false, atNs });
  await runTo(20);
  assert.deepEqual(standing(), []);
});
