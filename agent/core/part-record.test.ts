import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { LinegateError } from './errors.ts';
import {
  advance,
  type ClosedPart,
  interruptedPart,
  type LeftByLine,
  openPart,
  outcomeOf,
  type PartInput,
  type PartRecord,
} from './part-record.ts';

interface GoldenCase {
  readonly name: string;
  readonly inputs: readonly PartInput[];
  /** The record after the last input, or `illegal` when the last input must be refused. */
  readonly expect: PartRecord | 'illegal';
}

interface InterruptedCase {
  readonly name: string;
  readonly nowNs: number;
  readonly left: LeftByLine | null;
  readonly expect: ClosedPart;
}

const golden = JSON.parse(readFileSync(new URL('../../test/golden/part-record.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly GoldenCase[];
  readonly interrupted: readonly InterruptedCase[];
};

const trigger = { part: 7, triggerNs: 1000, triggerWallMs: 5000, deadlineNs: 2000 };

function play(inputs: readonly PartInput[]): PartRecord {
  return inputs.reduce<PartRecord>(advance, openPart(trigger));
}

for (const { name, inputs, expect } of golden.cases) {
  test(`part record: ${name}`, () => {
    if (expect !== 'illegal') {
      assert.deepEqual(play(inputs), expect);
      return;
    }
    play(inputs.slice(0, -1));
    assert.throws(
      () => play(inputs),
      (error) => error instanceof LinegateError && error.code === 'illegal-input',
    );
  });
}

for (const { name, nowNs, left, expect } of golden.interrupted) {
  test(`part record: interrupted: ${name}`, () => {
    assert.deepEqual(interruptedPart({ ...trigger, deadlineNs: null }, left, nowNs), expect);
  });
}

const at = fc.integer({ min: 1000, max: 9000 });
const judgement = fc.oneof(
  fc.record({
    kind: fc.constant('verdict' as const),
    verdict: fc.constantFrom('pass' as const, 'reject' as const, 'review' as const),
    label: fc.constant('a'),
    score: fc.constant(0.9),
    scores: fc.constant([0.9, 0.1]),
    atNs: at,
  }),
  fc.record({
    kind: fc.constant('no-verdict' as const),
    reason: fc.constantFrom('no-frame' as const, 'overflow' as const, 'classifier-down' as const),
    detail: fc.constant('why'),
    atNs: at,
  }),
);
const input: fc.Arbitrary<PartInput> = fc.oneof(
  fc.record({
    kind: fc.constant('framed' as const),
    frame: fc.constant({ sensorNs: 1, clock: 'monotonic' as const, sequence: 1 }),
  }),
  fc.record({ kind: fc.constant('judged' as const), judgement }),
  fc.record({
    kind: fc.constant('pulsed' as const),
    pulse: fc.record({ onNs: at, offNs: fc.option(at) }),
  }),
  fc.record({
    kind: fc.constant('resolved' as const),
    action: fc.constantFrom('eject' as const, 'pass' as const),
    cause: fc.constantFrom('verdict' as const, 'fail-safe' as const, 'too-close' as const),
    atNs: at,
  }),
  fc.record({
    kind: fc.constant('closed' as const),
    action: fc.constantFrom(
      'eject' as const,
      'pass' as const,
      'missed' as const,
      'aborted' as const,
      'unknown' as const,
    ),
    tooClose: fc.boolean(),
    confirmation: fc.constantFrom('none' as const, 'confirmed' as const, 'unconfirmed' as const),
    atNs: at,
  }),
);

/** Plays the inputs, leaving out those that the state refuses. */
function playLegal(inputs: readonly PartInput[]): PartRecord[] {
  const states: PartRecord[] = [openPart(trigger)];
  for (const next of inputs) {
    try {
      states.push(advance(states.at(-1) ?? assert.fail(), next));
    } catch (error) {
      assert.ok(error instanceof LinegateError && error.code === 'illegal-input', String(error));
    }
  }
  return states;
}

test('part record: in any order of inputs it closes at most once, and for good', () => {
  fc.assert(
    fc.property(fc.array(input, { maxLength: 12 }), (inputs) => {
      const closed = playLegal(inputs).filter((record) => record.state === 'closed');
      assert.ok(closed.length <= 1);
    }),
  );
});

test('part record: whatever came before, a line that gives up can close it', () => {
  fc.assert(
    fc.property(fc.array(input, { maxLength: 8 }), (inputs) => {
      const last = playLegal(inputs.filter(({ kind }) => kind !== 'closed')).at(-1) ?? assert.fail();
      const closed = advance(last, {
        kind: 'closed',
        action: 'unknown',
        tooClose: false,
        confirmation: 'none',
        atNs: 9999,
      });
      assert.equal(closed.state, 'closed');
    }),
  );
});

test('part record: a part that the fail-safe decided never counts as having a verdict', () => {
  fc.assert(
    fc.property(fc.array(input, { maxLength: 12 }), (inputs) => {
      const last = playLegal(inputs).at(-1) ?? assert.fail();
      if (last.state !== 'closed') return;
      if (last.cause === 'fail-safe') assert.equal(outcomeOf(last), 'no-verdict');
      if (last.cause === 'verdict') assert.notEqual(outcomeOf(last), 'no-verdict');
    }),
  );
});

test('part record: an interrupted part is closed for good, and counts as what the line acted on', () => {
  const left: fc.Arbitrary<LeftByLine> = fc.record({
    action: fc.constantFrom('eject' as const, 'pass' as const, 'missed' as const, 'aborted' as const),
    cause: fc.constantFrom('verdict' as const, 'fail-safe' as const, 'too-close' as const, 'stopped' as const),
    verdict: fc.constantFrom('pass' as const, 'reject' as const, 'review' as const, 'none' as const),
    tooClose: fc.boolean(),
    confirmation: fc.constantFrom('none' as const, 'confirmed' as const, 'unconfirmed' as const),
    atNs: at,
  });
  fc.assert(
    fc.property(fc.option(left), input, (line, next) => {
      const record = interruptedPart({ ...trigger, deadlineNs: null }, line, 9500);
      assert.throws(() => advance(record, next), LinegateError);
      const verdict = line?.verdict ?? 'none';
      assert.equal(outcomeOf(record), verdict === 'none' ? 'no-verdict' : verdict);
      assert.equal(record.judgement.kind, verdict === 'none' ? 'no-verdict' : 'recovered');
    }),
  );
});
