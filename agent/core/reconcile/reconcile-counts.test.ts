import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from './finding.ts';
import { type GateSensorWindow, Reconciler, type ReconcilerInput } from './reconcile.ts';
import { type BeltEdge, type BeltPart, edgesOfBelt, type Stretch } from './testing/belt.ts';
import { partsWith, way } from './testing/ways.ts';

/** `dead` is a little more than a part is long: within a count nobody sees the belt rock. */
const window: GateSensorWindow = { base: 'encoder', from: 90, to: 130, dead: 10 };

/** Any time at all: nothing may come of it. */
let atNs = 0;
const now = (): number => {
  atNs += 1 + (atNs % 7) * 1e9;
  return atNs;
};

const ready = (beltCounts: number, ...why: string[]): ReconcilerInput => ({
  kind: 'ready',
  why,
  atNs: now(),
  beltCounts,
});
const trigger = (part: number, beltCounts: number): ReconcilerInput => ({
  kind: 'trigger',
  part,
  atNs: now(),
  deadlineNs: 0,
  beltCounts,
});
const atGate = (beltCounts: number): ReconcilerInput => ({ kind: 'at-gate', atNs: now(), beltCounts });
const again = (beltCounts: number, backCounts: number): ReconcilerInput => ({
  kind: 'at-gate-again',
  backCounts,
  atNs: now(),
  beltCounts,
});

function closed(part: number, beltCounts: number, action: 'pass' | 'aborted' = 'pass'): ReconcilerInput {
  const due = { scheduledNs: 0, lateNs: 0, verdict: 'none', tooClose: false } as const;
  return { kind: 'closed', part, ...due, action, cause: 'verdict', confirmation: 'none', atNs: now(), beltCounts };
}

function findingsOf(...events: readonly ReconcilerInput[]): string[] {
  const reconciler = new Reconciler(window, 0);
  return said([...events, closed(0, 1e9)].flatMap((event) => reconciler.take(event)));
}

function said(findings: readonly Finding[]): string[] {
  return findings.map((finding) => (finding.kind === 'missing-part' ? `missing ${finding.part}` : 'unseen'));
}

test('reconcile by counts: where a part is seen counts, whenever that is', () => {
  assert.deepEqual(findingsOf(ready(0), trigger(1, 200), atGate(290)), []);
  assert.deepEqual(findingsOf(ready(0), trigger(1, 200), atGate(330)), []);
  assert.deepEqual(findingsOf(ready(0), trigger(1, 200), atGate(289)), ['unseen', 'missing 1']);
  assert.deepEqual(findingsOf(ready(0), trigger(1, 200), atGate(331)), ['missing 1', 'unseen']);
});

test('reconcile by counts: nothing is said before the line has told where the belt is, nor of parts from before', () => {
  assert.deepEqual(findingsOf(atGate(500), trigger(1, 600), ready(610), atGate(705), atGate(739)), []);
  assert.deepEqual(findingsOf(ready(610), atGate(740)), ['unseen']);
  const { beltCounts: _nowhere, ...nowhere } = { ...atGate(0), beltCounts: 0 };
  assert.deepEqual(findingsOf(ready(0), nowhere), []);
});

test('reconcile by counts: an edge that rocks at the sensor is one part, two parts a length apart are two', () => {
  assert.deepEqual(findingsOf(ready(0), trigger(1, 200), atGate(305), atGate(305), atGate(314)), []);
  assert.deepEqual(findingsOf(ready(0), trigger(1, 200), atGate(305), atGate(315)), ['unseen']);
});

test('reconcile by counts: a part that is seen where the belt was before is no other part', () => {
  assert.deepEqual(findingsOf(ready(0), trigger(1, 200), atGate(305), again(320, 15), again(320, 3)), []);
  // Nor is it taken for the next one, which is missed if it does not come.
  const both = [ready(0), trigger(1, 200), trigger(2, 300), atGate(305), again(320, 15)];
  assert.deepEqual(findingsOf(...both, atGate(405)), []);
  assert.deepEqual(findingsOf(...both), ['missing 2']);
});

test('reconcile by counts: of a part that may have been seen only while the belt was back nothing is said', () => {
  assert.deepEqual(findingsOf(ready(0), trigger(1, 200), again(306, 1)), []);
  // The edge of the next part is near enough for the first: then that one may be the one that was seen before.
  assert.deepEqual(findingsOf(ready(0), trigger(1, 200), trigger(2, 215), again(306, 3), atGate(320)), []);
});

test('reconcile by counts: lost counts, lost lines and a lost connection are a doubt, in which nothing is said', () => {
  for (const doubt of ['encoder', 'chip', 'gatekeeper-gone']) {
    const before = [ready(0), trigger(1, 200), trigger(2, 280), ready(300, 'start', doubt)];
    assert.deepEqual(findingsOf(...before, atGate(303), trigger(3, 310), atGate(350), atGate(380)), []);
    const over = [...before, ready(420, 'start'), atGate(421), trigger(4, 430)];
    assert.deepEqual(findingsOf(...over, atGate(535), atGate(551)), ['unseen'], doubt);
    assert.deepEqual(findingsOf(...over), ['missing 4'], doubt);
  }
});

test('reconcile by counts: an unseen part is told when the belt has gone on without a doubt about its counts', () => {
  const reconciler = new Reconciler(window, 0);
  const take = (event: ReconcilerInput): string[] => said(reconciler.take(event));
  for (const event of [ready(0), atGate(305), ready(306, 'start')]) assert.deepEqual(take(event), []);
  const turned = (counts: number): ReconcilerInput => ({ kind: 'encoder', counts, atNs: now() });
  assert.deepEqual([take(turned(306)), take(turned(307)), take(turned(308))], [[], ['unseen'], []]);
  assert.deepEqual([take(atGate(400)), take(ready(401, 'encoder')), take(turned(500))], [[], [], []]);
});

test('reconcile by counts: a line that was started again counts anew', () => {
  const gone: ReconcilerInput = { kind: 'ready', why: ['gatekeeper-gone'], atNs: now() };
  const first = [ready(0), trigger(1, 5000), atGate(5105), trigger(2, 5200), gone];
  assert.deepEqual(findingsOf(...first, ready(3), atGate(90), trigger(3, 100), atGate(205), atGate(300)), ['unseen']);
  assert.deepEqual(findingsOf(ready(0), trigger(1, 200), closed(1, 220, 'aborted')), []);
});

/** What the gatekeeper makes of a belt's edges, as it should. */
function eventsOf(edges: readonly BeltEdge[]): ReconcilerInput[] {
  let [furthest, part, lastTrigger] = [0, 0, -1000];
  return edges.flatMap(({ input, active, counts }) => {
    furthest = Math.max(furthest, counts);
    const backCounts = furthest - counts;
    if (!active) return [];
    if (input === 'part-at-gate') return [backCounts === 0 ? atGate(furthest) : again(furthest, backCounts)];
    if (input !== 'trigger' || backCounts > 0 || counts - lastTrigger < window.dead) return [];
    part += 1;
    lastTrigger = counts;
    return [trigger(part, furthest)];
  });
}

function findingsOfBelt(parts: readonly BeltPart[], stretches: readonly Stretch[]): string[] {
  return findingsOf(ready(0), ...eventsOf(edgesOfBelt(parts, stretches, 200)));
}

const runs = { numRuns: 300 };

test('reconcile by counts: stops, speeds, reversals: every missed trigger is noticed at the gate, and nothing else is', () => {
  fc.assert(
    fc.property(partsWith('missed', 0), way, (parts, stretches) => {
      const missed = parts.filter(({ fate }) => fate === 'missed');
      assert.deepEqual(
        findingsOfBelt(parts, stretches),
        missed.map(() => 'unseen'),
      );
    }),
    runs,
  );
});

test('reconcile by counts: a part that was taken off is missing, where nothing else may have been seen for it', () => {
  fc.assert(
    fc.property(partsWith('taken', 0), way, (parts, stretches) => {
      const taken = parts.filter(({ fate }) => fate === 'taken').length;
      const findings = findingsOfBelt(parts, stretches);
      assert.ok(findings.every((finding) => finding !== 'unseen'));
      assert.ok(findings.length <= taken, findings.join());
      const isBack = stretches.some(({ steps }) => steps < 0);
      if (!isBack) assert.equal(findings.length, taken);
    }),
    runs,
  );
});

test('reconcile by counts: parts that slip less than a bounce, on a belt that does anything, give no notice', () => {
  fc.assert(
    fc.property(partsWith('whole', 16), way, (parts, stretches) => {
      assert.deepEqual(findingsOfBelt(parts, stretches), []);
    }),
    runs,
  );
});
