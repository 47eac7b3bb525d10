import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { latenessOf } from './lateness.ts';
import { delayOf, passesOf } from './passes.ts';
import { responseOf } from './response.ts';
import { type Edge, type InputName, sightingsOf } from './sightings.ts';
import { spreadOf } from './spread.ts';

const ms = 1e6;

/** A beam that is broken, with an edge that bounces on its front when asked for. */
function beam(input: InputName, atNs: number, lengthNs: number, bounces = false): Edge[] {
  const edge = (ns: number, active: boolean): Edge => ({
    kind: 'input',
    backCounts: 0,
    input,
    active,
    atNs: ns,
    counts: Math.floor(ns / ms),
  });
  const bounce = bounces ? [edge(atNs + 0.2 * ms, false), edge(atNs + 0.5 * ms, true)] : [];
  return [edge(atNs, true), ...bounce, edge(atNs + lengthNs, false)];
}

interface Driven {
  readonly noiseNs: number;
  readonly bounces: boolean;
  readonly seen: 'both' | 'eye' | 'gate';
}

const driven = (noiseMs: number): fc.Arbitrary<Driven> =>
  fc.record({
    noiseNs: fc.integer({ min: -noiseMs * ms, max: noiseMs * ms }),
    bounces: fc.boolean(),
    seen: fc.constant('both' as const),
  });

function edgesOf(parts: readonly Driven[], wayNs: number, lengthNs: number): Edge[] {
  return parts.flatMap(({ noiseNs, bounces, seen }, index) => {
    const atNs = (index + 1) * 2000 * ms;
    return [
      ...(seen === 'gate' ? [] : beam('trigger', atNs, lengthNs, bounces)),
      ...(seen === 'eye' ? [] : beam('part-at-gate', atNs + wayNs + noiseNs, lengthNs, bounces)),
    ];
  });
}

test('the way to the gate: within the noise of the parts, whatever bounces', () => {
  fc.assert(
    fc.property(
      fc.array(driven(2), { minLength: 5, maxLength: 30 }),
      fc.integer({ min: 20, max: 1500 }),
      fc.integer({ min: 10, max: 100 }),
      (parts, wayMs, lengthMs) => {
        const passes = passesOf(edgesOf(parts, wayMs * ms, lengthMs * ms), 'part-at-gate', 'time');
        const delay = delayOf(passes, {}, 'time');
        assert.ok(delay !== undefined && delay.beam !== null);
        assert.equal(passes.passes.length, parts.length);
        assert.ok(Math.abs(delay.arrival.median - wayMs * ms) <= 2 * ms);
        assert.equal(delay.beam.median, lengthMs * ms);
        for (const { noiseNs } of parts) {
          const isOut = delay.arrival.outliers.some(({ value }) => value === wayMs * ms + noiseNs);
          const far = Math.abs(wayMs * ms + noiseNs - delay.arrival.median);
          assert.ok(isOut || far <= delay.arrival.spread);
        }
      },
    ),
  );
});

test('the way to the gate: edges that were not seen are counted and move it little', () => {
  const kind = fc.constantFrom('both', 'both', 'both', 'both', 'eye', 'gate') satisfies fc.Arbitrary<Driven['seen']>;
  const some = fc.array(fc.record({ noiseNs: fc.integer({ min: -ms, max: ms }), bounces: fc.boolean(), seen: kind }), {
    minLength: 12,
    maxLength: 30,
  });
  fc.assert(
    fc.property(some, (parts) => {
      const passes = passesOf(edgesOf(parts, 400 * ms, 30 * ms), 'part-at-gate', 'time');
      const times = (seen: Driven['seen']): number => parts.filter((part) => part.seen === seen).length;
      // A part that only the gate saw after one that only the eye saw looks like one that both saw.
      const swapped = parts.filter(({ seen }, index) => seen === 'gate' && parts[index - 1]?.seen === 'eye').length;
      assert.equal(passes.missedAtSensor, times('eye') - swapped);
      assert.equal(passes.missedAtEye, times('gate') - swapped);
      if (times('both') <= 2 * swapped) return;
      const median = delayOf(passes, {}, 'time')?.arrival.median ?? 0;
      assert.ok(Math.abs(median - 400 * ms) <= ms, `${median}`);
    }),
  );
});

test('the way to the gate: a part that was held up is named and left out', () => {
  const parts = [0, 0.3, -0.2, 80, 0.1, 0].map((noise) => ({
    noiseNs: noise * ms,
    bounces: false,
    seen: 'both' as const,
  }));
  const delay = delayOf(passesOf(edgesOf(parts, 400 * ms, 30 * ms), 'part-at-gate', 'time'), {}, 'time');
  assert.deepEqual(delay?.arrival.outliers, [{ number: 4, value: 480 * ms }]);
  assert.ok((delay?.arrival.spread ?? 0) <= 0.4 * ms);
});

test('the way to the gate: a sensor behind the gate, and a tape without a sensor', () => {
  const parts = Array.from({ length: 5 }, () => ({ noiseNs: 0, bounces: false, seen: 'both' as const }));
  const edges = edgesOf(parts, 400 * ms, 40 * ms);
  // 40 mm in 40 ms: a metre a second.
  const behind = delayOf(passesOf(edges, 'part-at-gate', 'time'), { lengthMm: 40, sensorBehindMm: 25 }, 'time');
  assert.equal(behind?.arrival.median, 375 * ms);
  assert.equal(behind?.mmPerSecond, 1000);
  const tape = delayOf(passesOf(edges, undefined, 'time'), { lengthMm: 40, gateMm: 390, reviewBehindMm: 100 }, 'time');
  assert.equal(tape?.arrival.median, 390 * ms);
  assert.equal(tape?.review, 490 * ms);
  assert.equal(delayOf(passesOf(edges, undefined, 'time'), {}, 'time'), undefined);
  const counts = delayOf(passesOf(edges, 'part-at-gate', 'encoder'), {}, 'encoder');
  assert.equal(counts?.arrival.median, 400);
  assert.equal(counts?.countsPerSecond, 1000);
});

test('sightings: an edge that was lost does not swallow the next part', () => {
  const edges = [...beam('trigger', 1000 * ms, 30 * ms).slice(0, 1), ...beam('trigger', 3000 * ms, 30 * ms)];
  assert.deepEqual(
    sightingsOf(edges, 'trigger').map(({ atNs, beamNs }) => [atNs / ms, beamNs]),
    [
      [1000, null],
      [3000, 30 * ms],
    ],
  );
});

test('spread: an outlier among many moves neither median nor spread', () => {
  const near = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 40 });
  fc.assert(
    fc.property(near, fc.double({ min: 100, max: 1e6, noNaN: true }), (values, far) => {
      const spread = spreadOf([...values, far], 1);
      assert.deepEqual(spread?.outliers, [{ number: values.length + 1, value: far }]);
      assert.ok(spread.spread <= 2 && Math.abs(spread.median) <= 1);
    }),
  );
  assert.equal(spreadOf([], 1), undefined);
});

test('response: each sight belongs to the pulse before it; what was not seen is counted', () => {
  const on = [1000, 3000, 5000].map((at) => ({ atNs: at * ms, gate: 1 as const }));
  const seen = [...beam('confirm', 1120 * ms, 20 * ms), ...beam('confirm', 5130 * ms, 20 * ms)];
  const response = responseOf([...on, { atNs: 5001 * ms, gate: 2 }], seen, 8 * ms);
  assert.equal(response?.toConfirmNs?.median, 125 * ms);
  assert.equal(response.missed, 1);
  assert.equal(responseOf(on, [], null), undefined);
});

test('lateness: quantiles are figures that were measured', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }), (ns) => {
      const figures = latenessOf(ns, true);
      const [p50, p99, max] = [figures?.p50Ns ?? -1, figures?.p99Ns ?? -1, figures?.maxNs ?? -1];
      assert.ok(ns.includes(p50) && ns.includes(p99) && max === Math.max(...ns) && p50 <= p99 && p99 <= max);
      assert.ok(ns.filter((each) => each <= p99).length >= 0.99 * ns.length);
    }),
  );
  assert.equal(latenessOf([], true), undefined);
});
