import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from './finding.ts';
import { type GateSensorWindow, Reconciler, type ReconcilerInput } from './reconcile.ts';

const window: GateSensorWindow = { base: 'time', from: 900, to: 1100, dead: 0 };

const trigger = (part: number, atNs: number): ReconcilerInput => ({
  kind: 'trigger',
  part,
  atNs,
  deadlineNs: atNs + 500,
});
const atGate = (atNs: number): ReconcilerInput => ({ kind: 'at-gate', atNs });

function closed(part: number, atNs: number, action: 'eject' | 'pass' | 'aborted'): ReconcilerInput {
  const due = { part, atNs, scheduledNs: atNs, lateNs: 0, verdict: 'none', tooClose: false } as const;
  const confirmation = action === 'eject' ? 'confirmed' : 'none';
  return { kind: 'closed', ...due, action, cause: 'fail-safe', confirmation };
}

/** Tells the events in the order of time, and a last one when all windows are over. */
function findingsOf(events: readonly ReconcilerInput[], reconciler = new Reconciler(window, -1e9)): Finding[] {
  const ordered = [...events].sort((a, b) => a.atNs - b.atNs);
  const endNs = (ordered.at(-1)?.atNs ?? 0) + 1e6;
  return [...ordered, closed(0, endNs, 'pass')].flatMap((event) => reconciler.take(event));
}

test('reconcile: a part at the gate without a trigger is unseen, one that never comes is missing', () => {
  assert.deepEqual(findingsOf([trigger(1, 0), atGate(1000)]), []);
  assert.deepEqual(
    findingsOf([trigger(1, 0), atGate(899)]).map(({ kind }) => kind),
    ['unseen-part', 'missing-part'],
  );
  assert.deepEqual(findingsOf([trigger(1, 0), atGate(900)]), []);
  assert.deepEqual(findingsOf([trigger(1, 0), atGate(1100)]), []);
  assert.deepEqual(findingsOf([trigger(1, 0), trigger(2, 500), atGate(1101), atGate(1500)]), [
    { kind: 'missing-part', part: 1, atNs: 1101 },
    { kind: 'unseen-part', atNs: 1101 },
  ]);
});

test('reconcile: by time an unseen part is told at once', () => {
  assert.deepEqual(new Reconciler(window, -1e9).take(atGate(5)), [{ kind: 'unseen-part', atNs: 5 }]);
});

test('reconcile: an edge belongs to one part only', () => {
  assert.deepEqual(findingsOf([trigger(1, 0), atGate(950), atGate(1000)]), [{ kind: 'unseen-part', atNs: 1000 }]);
});

test('reconcile: of a part from before the start nothing is said', () => {
  const reconciler = new Reconciler(window, 5000);
  assert.deepEqual(findingsOf([atGate(5500), trigger(7, 5600), atGate(6099), atGate(6100)], reconciler).slice(0, 1), [
    { kind: 'unseen-part', atNs: 6100 },
  ]);
  assert.equal(reconciler.counts().unknown, 2);
});

test('reconcile: of parts that came while the line was out of reach nothing is said, and of those after it is', () => {
  const ready = (atNs: number, ...why: string[]): ReconcilerInput => ({ kind: 'ready', why, atNs });
  // The line came into reach some time after the start, with parts on the belt.
  const late = [ready(3000, 'start'), ready(3500), atGate(4099), atGate(4100)];
  assert.deepEqual(findingsOf(late, new Reconciler(window, 0)), [{ kind: 'unseen-part', atNs: 4100 }]);
  const gone = ready(600, 'gatekeeper-gone');
  const back = [trigger(1, 0), trigger(2, 500), gone, atGate(1000), atGate(1500), ready(2000), atGate(2500)];
  const reconciler = new Reconciler(window, -1e9);
  assert.deepEqual(findingsOf([...back, trigger(4, 2100), atGate(3100), atGate(3200)], reconciler), [
    { kind: 'unseen-part', atNs: 3200 },
  ]);
  assert.equal(reconciler.counts().unknown, 3);
});

test('reconcile: a stop of the line makes no part missing', () => {
  assert.deepEqual(findingsOf([trigger(1, 0), trigger(2, 10), closed(1, 20, 'aborted'), closed(2, 20, 'aborted')]), []);
});

test('reconcile: of what lay on the belt while the lines were gone nothing is said', () => {
  const ready = (atNs: number, ...why: string[]): ReconcilerInput => ({ kind: 'ready', why, atNs });
  const gone = [ready(1), trigger(1, 5000), closed(1, 5100, 'aborted'), ready(5100, 'chip')];
  const back = [...gone, ready(5500, 'start'), trigger(2, 5600), atGate(6000), atGate(6599)];
  assert.deepEqual(findingsOf([...back, atGate(6650)]), [{ kind: 'unseen-part', atNs: 6650 }]);
});

test('reconcile: an edge that bounces is no part', () => {
  const bouncing = { ...window, dead: 50 };
  const events = [trigger(1, 0), atGate(1000), atGate(1010), atGate(1049)];
  assert.deepEqual(findingsOf(events, new Reconciler(bouncing, -1e9)), []);
  const next = [...events, atGate(1050)];
  assert.deepEqual(findingsOf(next, new Reconciler(bouncing, -1e9)), [{ kind: 'unseen-part', atNs: 1050 }]);
});

test('reconcile: counts what each sensor saw', () => {
  const reconciler = new Reconciler(window, 0);
  const first = [trigger(1, 0), atGate(1000), closed(1, 1200, 'eject'), trigger(2, 1300), atGate(2300)];
  findingsOf([...first, closed(2, 2400, 'pass')], reconciler);
  const counts = { photoEye: 2, gate: 2, ejectedByUs: 1, confirmed: 1, unknown: 0, overflowed: 0 };
  assert.deepEqual(reconciler.counts(), counts);
});

test('reconcile: more parts than can be followed are counted, not kept', () => {
  const reconciler = new Reconciler(window, 0);
  const crowd = Array.from({ length: 3000 }, (_, index) => reconciler.take(trigger(index + 1, index / 10)));
  assert.deepEqual(crowd.flat(), []);
  assert.equal(reconciler.counts().overflowed, 3000 - 1024);
});

/** Parts as close as can be, overlapping windows and all, with a slip narrower than the window that never reorders them. */
const crowd = fc.array(
  fc.record({
    gapNs: fc.integer({ min: 1, max: 300 }),
    slipNs: fc.integer({ min: -100, max: 100 }),
    fault: fc.constantFrom('none', 'none', 'none', 'missed'),
  }),
  { maxLength: 200 },
);

test('reconcile: every missed trigger is noticed once, and without a fault nothing is', () => {
  fc.assert(
    fc.property(crowd, (parts) => {
      let [atNs, gateNs, missed] = [0, 0, 0];
      const events: ReconcilerInput[] = [];
      for (const [index, { gapNs, slipNs, fault }] of parts.entries()) {
        atNs += gapNs;
        gateNs = Math.min(Math.max(gateNs, atNs + 1000 + slipNs), atNs + window.to);
        events.push(atGate(gateNs));
        if (fault === 'missed') missed += 1;
        else events.push(trigger(index + 1, atNs));
      }
      assert.deepEqual(
        findingsOf(events).map(({ kind }) => kind),
        Array.from({ length: missed }, () => 'unseen-part'),
      );
    }),
  );
});

/** The most pairs that any assignment could make, by augmenting paths: slow and plain. */
function mostPairs(triggers: readonly number[], edges: readonly number[]): number {
  const owner = new Map<number, number>();
  const assign = (edge: number, tried: Set<number>): boolean =>
    triggers.some((atNs, index) => {
      const after = (edges[edge] ?? 0) - atNs;
      if (after < window.from || after > window.to || tried.has(index)) return false;
      tried.add(index);
      const before = owner.get(index);
      if (before !== undefined && !assign(before, tried)) return false;
      owner.set(index, edge);
      return true;
    });
  return edges.filter((_, edge) => assign(edge, new Set())).length;
}

const times = fc.array(fc.integer({ min: 0, max: 1500 }), { maxLength: 12 });

test('reconcile: whatever the edges, no assignment could match more of them', () => {
  fc.assert(
    fc.property(times, times, (triggers, passes) => {
      const edges = passes.map((atNs) => atNs + 800);
      const findings = findingsOf([...triggers.map((atNs, index) => trigger(index + 1, atNs)), ...edges.map(atGate)]);
      const pairs = mostPairs(triggers, edges);
      const unseen = findings.filter(({ kind }) => kind === 'unseen-part').length;
      assert.deepEqual([unseen, findings.length - unseen], [edges.length - pairs, triggers.length - pairs]);
    }),
    { numRuns: 400 },
  );
});
