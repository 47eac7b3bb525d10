import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ClosedPart, Judgement } from '../part-record.ts';
import { shiftAt } from './shifts.ts';
import { Span } from './span.ts';
import { durationBucket, scoreBucket } from './spread.ts';

function closed(part: number, judgement: Judgement, more: Partial<ClosedPart> = {}): ClosedPart {
  const frame = { sensorNs: 1e9 - 3e6, clock: 'monotonic', sequence: part } as const;
  return {
    state: 'closed',
    part,
    triggerNs: 1e9,
    triggerWallMs: 1e12,
    deadlineNs: 1e9 + 2e8,
    pulse: null,
    frame,
    judgement,
    late: null,
    action: 'pass',
    cause: 'verdict',
    resolvedNs: 1e9 + 2e8,
    tooClose: false,
    confirmation: 'none',
    closedNs: 1e9 + 3e8,
    ...more,
  };
}

const good = {
  kind: 'verdict',
  verdict: 'pass',
  label: 'good',
  score: 0.9,
  scores: [0.9, 0.1],
  atNs: 1e9 + 8e6,
} as const;
const bad = { ...good, verdict: 'reject', label: 'bad', score: 1 } as const;
const none = { kind: 'no-verdict', reason: 'late', detail: '', atNs: 1e9 + 2e8 } as const;

test('span: counts parts by outcome, label, reason, action, confirmation, and their figures', () => {
  const span = new Span();
  assert.equal(span.empty, true);
  span.add(closed(1, good));
  span.add(closed(2, { ...good, score: 0.8 }));
  span.add(closed(3, bad, { action: 'eject', confirmation: 'confirmed', tooClose: true }));
  span.add(closed(4, none, { action: 'eject', confirmation: 'unconfirmed', frame: null }));
  span.find({ kind: 'unseen-part', atNs: 5 });
  assert.equal(span.empty, false);
  assert.deepEqual(span.numbers(), {
    parts: 4,
    outcomes: { pass: 2, reject: 1, 'no-verdict': 1 },
    labels: { good: 2, bad: 1 },
    reasons: { late: 1 },
    actions: { pass: 2, eject: 2 },
    confirmations: { confirmed: 1, unconfirmed: 1 },
    findings: { 'unseen-part': 1 },
    tooClose: 1,
    latency: { [durationBucket(8)]: 3, [durationBucket(200)]: 1 },
    frameAge: { [durationBucket(3)]: 3 },
    confidence: { 18: 1, 16: 1, 19: 1 },
    passes: 2,
    passScoreSum: 1.7,
  });
  assert.deepEqual(span.drift(), { passScore: 0.85, rejectShare: 0.3333 });
  span.add(closed(5, { kind: 'recovered', verdict: 'pass', atNs: 2e9 }, { frame: null }));
  assert.deepEqual([span.numbers().outcomes['pass'], span.drift().passScore], [3, 0.85]);
  assert.deepEqual(new Span().drift(), { passScore: null, rejectShare: null });
});

test('spread: each duration lies between the bounds of its bucket', () => {
  const bound = (index: number): number => 0.01 * 2 ** (index / 4);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 600_000, noNaN: true }), (ms) => {
      const index = durationBucket(ms);
      assert.ok(Number.isInteger(index) && index >= 0 && index <= 104);
      assert.ok(ms <= bound(index) * (1 + 1e-9) || index === 104, `${ms} in ${index}`);
      assert.ok(index === 0 || ms > bound(index - 1) * (1 - 1e-9), `${ms} in ${index}`);
    }),
  );
  assert.equal(durationBucket(1e9), 104);
  assert.deepEqual([-0.1, 0, 0.049, 0.05, 0.999, 1].map(scoreBucket), [0, 0, 0, 1, 19, 19]);
});

const starts = ['22:00', '06:00', '14:00'];

function inZone<T>(zone: string, run: () => T): T {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    return run();
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
}

test('shifts: the one at a moment, by local time, over midnight', () => {
  inZone('Europe/Berlin', () => {
    const { name, fromMs, toMs } = shiftAt(Date.parse('2026-01-15T02:00:00+01:00'), starts);
    assert.equal(name, '22:00');
    assert.equal(fromMs, Date.parse('2026-01-14T22:00:00+01:00'));
    assert.equal(toMs, Date.parse('2026-01-15T06:00:00+01:00'));
    assert.equal(shiftAt(toMs, starts).name, '06:00');
    assert.equal(shiftAt(toMs - 1, starts).name, '22:00');
  });
  assert.throws(() => shiftAt(0, []), { code: 'illegal-input' });
});

test('shifts: the night in which clocks change is an hour shorter or longer', () => {
  const lengthH = (at: string): number => {
    const { fromMs, toMs } = shiftAt(Date.parse(at), starts);
    return (toMs - fromMs) / 3.6e6;
  };
  inZone('Europe/Berlin', () => {
    assert.equal(lengthH('2026-03-29T00:30:00Z'), 7);
    assert.equal(lengthH('2026-10-25T00:30:00Z'), 9);
    assert.equal(lengthH('2026-10-25T01:30:00Z'), 9);
    assert.equal(lengthH('2026-06-01T00:30:00Z'), 8);
  });
});

test('shifts: follow each other without hole or overlap, wherever the station is', () => {
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC');
  fc.assert(
    fc.property(
      fc.uniqueArray(time, { minLength: 1, maxLength: 12 }),
      zones,
      fc.integer({ min: 1.7e12, max: 1.9e12 }),
      (times, zone, wallMs) =>
        inZone(zone, () => {
          const shift = shiftAt(wallMs, times);
          assert.ok(shift.fromMs <= wallMs && wallMs < shift.toMs);
          assert.equal(shiftAt(shift.toMs, times).fromMs, shift.toMs);
          assert.deepEqual(shiftAt(shift.fromMs, times), shift);
        }),
    ),
    { numRuns: 500 },
  );
});
