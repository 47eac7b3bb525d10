import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { LinegateError } from './errors.ts';
import { advance, openPart, outcomeOf, type PartInput, type PartRecord } from './part-record.ts';

interface GoldenCase {
  readonly name: string;
  readonly inputs: readonly PartInput[];
  /** The record after the last input, or `illegal` when the last input must be refused. */
  readonly expect: PartRecord | 'illegal';
}

const golden = JSON.parse(readFileSync(new URL('../../test/golden/part-record.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly GoldenCase[];
};

function play(inputs: readonly PartInput[]): PartRecord {
  return inputs.reduce<PartRecord>(advance, openPart(7, 1000, 5000));
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
  const states: PartRecord[] = [openPart(7, 1000, 5000)];
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
