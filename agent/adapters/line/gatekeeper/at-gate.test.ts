import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { toolMissing } from '../../../../test/support/not-run.ts';
import { type GateSensorWindow, Reconciler } from '../../../core/reconcile/reconcile.ts';
import { type BeltEdge, type BeltPart, edgesOfBelt, type Stretch } from '../../../core/reconcile/testing/belt.ts';
import { partsWith, way } from '../../../core/reconcile/testing/ways.ts';
import { clang, warningFlags } from '../../../native/clang/flags.ts';
import { runProgram } from '../../../native/clang/programs.ts';
import { keeperSources } from '../../../native/gatekeeper/sources.ts';
import type { LineEvent } from '../../../ports/line.ts';
import { decodeRecord } from './decode.ts';
import { Events } from './events.ts';
import { recordBytes } from './raw.ts';

const missing = spawnSync(clang, ['--version']).status !== 0;
const folder = mkdtempSync(path.join(tmpdir(), 'at-gate-'));
after(() => rmSync(folder, { recursive: true }));
let built: string | undefined;

/** The real keeper, told of edges. */
function build(): string {
  if (built !== undefined) return built;
  const sources = [...keeperSources, 'gatekeeper/test/rig.c', 'gatekeeper/host/edges_host.c'];
  const program = path.join(folder, 'edges');
  runProgram(clang, [...warningFlags, '-g', '-O2', ...sources, '-o', program], {
    cwd: path.join(import.meta.dirname, '../../../native'),
  });
  built = program;
  return program;
}

/** As edges_host.c has it. */
const window: GateSensorWindow = { base: 'encoder', from: 90, to: 130, dead: 10 };
const codes = { trigger: 1, 'part-at-gate': 3, 'encoder-a': 6, 'encoder-b': 7 } as const;

interface TestEdge extends BeltEdge {
  /** How many the kernel dropped before it, and said so. */
  readonly dropped?: number;
}

/** What the line tells of these edges. */
function eventsOf(edges: readonly TestEdge[]): LineEvent[] {
  const input = edges.map((edge) => `${edge.atNs} ${codes[edge.input]} ${Number(edge.active)} ${edge.dropped ?? 0}\n`);
  const { stdout, status } = spawnSync(build(), { input: input.join(''), maxBuffer: 1e8 });
  assert.equal(status, 0);
  const events = new Events([], 'encoder');
  return Array.from({ length: stdout.length / recordBytes }, (_, index) => {
    const { record, counts } = decodeRecord(stdout.subarray(index * recordBytes, (index + 1) * recordBytes));
    return events.of(record, counts);
  }).flatMap((event) => event ?? []);
}

function findingsOf(edges: readonly TestEdge[]): string[] {
  const reconciler = new Reconciler(window, 0);
  const last: LineEvent = { kind: 'encoder', counts: 1e6, nsPerCount: null, losses: 0, atNs: 1e15 };
  return [...eventsOf(edges), last].flatMap((event) => reconciler.take(event).map(({ kind }) => kind));
}

const belt = (parts: readonly BeltPart[], stretches: readonly Stretch[]): BeltEdge[] =>
  edgesOfBelt(parts, stretches, 800);

function check(what: string, body: () => void): void {
  test(`part at gate, by the gatekeeper’s counts: ${what}`, () => {
    if (missing) toolMissing('parts at the gate against the gatekeeper’s C code', clang);
    else body();
  });
}

const runs = { numRuns: 150 };

check('all that is told has its place, which never goes back', () => {
  const parts = [60, 200].map((gapSteps) => ({ gapSteps, fate: 'whole', slipSteps: 0 }) as const);
  const stops = { nsPerStep: 1e6, stopNs: 60e9 };
  const events = eventsOf(
    belt(parts, [
      { steps: 1300, ...stops },
      { steps: -400, ...stops },
    ]),
  );
  let furthest = 0;
  for (const event of events) {
    if (event.kind === 'encoder') continue;
    assert.ok(event.beltCounts !== undefined && event.beltCounts >= furthest, event.kind);
    furthest = event.beltCounts;
  }
  const place = (kind: LineEvent['kind']): unknown[] =>
    events.flatMap((event) => (event.kind === kind ? [event.beltCounts] : []));
  assert.deepEqual(
    [place('trigger'), place('at-gate')],
    [
      [215, 265],
      [320, 370],
    ],
  );
  const again = events.filter((event) => event.kind === 'at-gate-again');
  assert.deepEqual([again.length > 0, again.every(({ backCounts }) => backCounts > 0)], [true, true]);
});

check('every missed trigger is noticed, and nothing else is, whatever the belt does', () => {
  fc.assert(
    fc.property(partsWith('missed', 0), way, (parts, stretches) => {
      const missed = parts.filter(({ fate }) => fate === 'missed');
      assert.deepEqual(
        findingsOf(belt(parts, stretches)),
        missed.map(() => 'unseen-part'),
      );
    }),
    runs,
  );
});

check('parts that slip a little give no notice', () => {
  fc.assert(
    fc.property(partsWith('whole', 16), way, (parts, stretches) => {
      assert.deepEqual(findingsOf(belt(parts, stretches)), []);
    }),
    runs,
  );
});

/** Some encoder edges are gone; whether the kernel says so or A and B show it. */
function withoutSome(edges: readonly BeltEdge[], at: readonly number[], count: number, isSaid: boolean): TestEdge[] {
  const isEncoder = ({ input }: BeltEdge): boolean => input === 'encoder-a' || input === 'encoder-b';
  const turns = edges.filter(isEncoder);
  const gone = new Set(
    at.flatMap((percent) => turns.slice(Math.floor((percent / 100) * turns.length)).slice(0, count)),
  );
  let dropped = 0;
  return edges.flatMap((edge) => {
    if (gone.has(edge)) {
      dropped += 1;
      return [];
    }
    if (!isEncoder(edge) || dropped === 0) return [edge];
    const told = { ...edge, dropped: isSaid ? dropped : 0 };
    dropped = 0;
    return [told];
  });
}

check('lost counts are a doubt: no part is called unseen or missing because of them', () => {
  const places = fc.array(fc.integer({ min: 0, max: 95 }), { minLength: 1, maxLength: 2 });
  const loss = fc.oneof(
    fc.record({ count: fc.integer({ min: 1, max: 3 }), isSaid: fc.constant(false) }),
    fc.record({ count: fc.integer({ min: 1, max: 80 }), isSaid: fc.constant(true) }),
  );
  let doubts = 0;
  fc.assert(
    fc.property(partsWith('whole', 0), way, places, loss, (parts, stretches, at, { count, isSaid }) => {
      const edges = withoutSome(belt(parts, stretches), at, count, isSaid);
      const events = eventsOf(edges);
      doubts += events.filter((event) => event.kind === 'ready' && event.why.includes('encoder')).length;
      assert.deepEqual(findingsOf(edges), []);
    }),
    runs,
  );
  assert.ok(doubts > runs.numRuns / 2, `${doubts} doubts`);
});
