import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { without } from '../ledger/ranges.ts';
import type { WireReject } from './protocol.ts';
import { type Terms, WindowWorld } from './testing/window-world.ts';
import { wakeAtMs } from './window-state.ts';

const good: Terms = { credit: 8, retryMs: 1000 };

type Action = (world: WindowWorld) => void;

const any = fc.nat({ max: 50 });
const terms: fc.Arbitrary<Terms> = fc.record({
  credit: fc.constantFrom(1, 2, 3, 8, 100),
  retryMs: fc.constantFrom(10, 500, 5000),
});
const refusing = fc
  .record({
    base: terms,
    reason: fc.constantFrom<WireReject['reason']>('corrupt', 'unreadable', 'version', 'conflict'),
  })
  .map(({ base, reason }): Terms => ({ ...base, reject: [{ from: 0, to: 0, reason, detail: 'refused' }] }));
const lying = terms.map((base): Terms => ({ ...base, head: 'another' }));

/** Something that happens to a world, so often beside the others. */
function does<T>(weight: number, arbitrary: fc.Arbitrary<T>, act: (world: WindowWorld, value: T) => void) {
  return {
    weight,
    arbitrary: arbitrary.map(
      (value): Action =>
        (world: WindowWorld) =>
          act(world, value),
    ),
  };
}

const nothing = fc.constant(null);

/** All that can happen to a station's window. */
const action: fc.Arbitrary<Action> = fc.oneof(
  does(4, fc.tuple(fc.integer({ min: 1, max: 300 }), fc.boolean()), (world, rows) => world.append(...rows)),
  does(6, fc.constantFrom(1, 3, 100, 100, 0), (world, rows) => world.read(rows)),
  does(6, fc.tuple(any, terms), (world, said) => world.receive(...said)),
  does(8, any, (world, index) => world.deliver(index)),
  does(8, any, (world, index) => world.compare(index)),
  does(4, fc.constantFrom(1, 10, 700, 6000, 70_000), (world, ms) => world.pass(ms)),
  does(3, terms, (world, said) => world.greet(said)),
  does(2, fc.tuple(any, refusing), (world, said) => world.receive(...said)),
  does(1, any, (world, index) => world.compare(index, false)),
  does(1, nothing, connect),
  does(1, nothing, (world) => world.input({ kind: 'disconnected' })),
  does(1, lying, (world, said) => world.greet(said)),
  does(1, fc.tuple(any, lying), (world, said) => world.receive(...said)),
  does(1, terms, (world, said) => world.greet(said, 'w-1')),
  does(1, fc.boolean(), (world, works) => world.branch(works)),
  does(1, any, lose),
  does(1, terms, (world, said) => meet(world, said)),
  does(1, lying, (world, said) => {
    meet(world, said);
    world.branch(true);
    meet(world);
  }),
);

function connect(world: WindowWorld): void {
  world.input({ kind: 'connected', nowMs: world.nowMs });
}

/** The receiver's database is put back: it has the first rows only. */
function lose(world: WindowWorld, rows: number): void {
  const [first] = world.got;
  world.got = first === undefined || rows === 0 ? [] : [[1, Math.min(rows, first[1])]];
}

/** Hello, and the answer to it. */
function meet(world: WindowWorld, said: Terms = good): void {
  connect(world);
  world.greet(said);
  world.deliver(world.acks.length - 1);
  world.compare(0);
}

/** From now on all is well: each hello and each batch is answered at once, and time goes on when nothing else does. */
function allIsWell(world: WindowWorld): void {
  for (let turn = 0; turn < 3000; turn += 1) {
    const { place, link } = world.window;
    if (place.ackedSeq === place.lastSeq && link.kind === 'flowing') return;
    if (link.kind === 'offline') connect(world);
    else goOn(world);
  }
}

function goOn(world: WindowWorld): void {
  const { link } = world.window;
  if (world.branchings > 0) world.branch(true);
  else if (link.kind === 'greeting' && link.id !== '' && world.nowMs === link.sentMs) answer(world);
  else if (world.reads.length > 0) world.read(100);
  else if (world.batches.length > 0) serve(world);
  else world.pass(Math.max(0, (wakeAtMs(world.window, world.nowMs) ?? world.nowMs) - world.nowMs));
}

function answer(world: WindowWorld): void {
  world.greet(good);
  settleNewest(world);
}

function serve(world: WindowWorld): void {
  world.receive(0, good);
  settleNewest(world);
}

function settleNewest(world: WindowWorld): void {
  world.compares = [];
  const before = world.window.link;
  world.deliver(world.acks.length - 1);
  world.compare(0);
  // An answered hello must not be answered twice in the same moment.
  if (world.window.link === before && before.kind === 'greeting') world.pass(1);
}

/** A station with 120 rows that has met its receiver, and what happens to it then. */
function worldAfter(actions: readonly Action[]): WindowWorld {
  const world = new WindowWorld();
  world.append(120, false);
  meet(world);
  for (const act of actions) act(world);
  return world;
}

test('window: in every order of inputs nothing is forgotten, sent too soon, or beyond the credit', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 150, size: 'max' }), (actions) => {
      const world = worldAfter(actions);
      assert.deepEqual(world.broken, []);
    }),
    { numRuns: Number(process.env['WINDOW_RUNS'] ?? 1500) },
  );
});

test('window: whatever was, once all is well each row becomes durable', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 100, size: 'max' }), (actions) => {
      const world = worldAfter(actions);
      allIsWell(world);
      assert.equal(world.window.place.ackedSeq, world.window.place.lastSeq);
      // What a receiver lost after it had told of it is noticed with the next row.
      world.append(1, true);
      allIsWell(world);
      const { place, link } = world.window;
      assert.deepEqual([world.broken, link.kind, place.lastSeq - place.ackedSeq], [[], 'flowing', 0]);
      assert.deepEqual(without([[1, place.lastSeq]], world.got), []);
    }),
    { numRuns: Number(process.env['WINDOW_RUNS'] ?? 500) },
  );
});

test('window: a row that comes after every loss brings all that was lost along', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 100, size: 'max' }), (actions) => {
      const world = worldAfter(actions);
      world.append(1, true);
      allIsWell(world);
      const { place } = world.window;
      assert.equal(place.ackedSeq, place.lastSeq);
      assert.deepEqual(without([[1, place.lastSeq]], world.got), []);
    }),
    { numRuns: Number(process.env['WINDOW_RUNS'] ?? 500) },
  );
});

test('window: acks in any order, each as often as one likes, acknowledge the same', () => {
  fc.assert(
    fc.property(fc.array(any, { minLength: 60, maxLength: 60 }), (order) => {
      const world = new WindowWorld();
      world.append(700, true);
      meet(world, { credit: 7, retryMs: 1000 });
      while (world.reads.length > 0) world.read(100);
      world.acks = [];
      while (world.batches.length > 0) world.receive(0, good);
      for (const index of order) {
        world.deliver(index);
        world.compare(0);
      }
      const first = new Set(order.map((index) => index % 7));
      if (first.size < 7) return;
      assert.deepEqual([world.window.place.ackedSeq, world.window.place.acked, world.broken], [700, [], []]);
    }),
    { numRuns: 200 },
  );
});
