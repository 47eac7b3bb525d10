import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WindowWorld } from './testing/window-world.ts';
import { wakeAtMs } from './window-state.ts';

const good = { credit: 8, retryMs: 1000 };

/** A station with so many rows whose hello was answered. */
function met(rows: number, said = good): WindowWorld {
  const world = new WindowWorld();
  world.append(rows, true);
  world.input({ kind: 'connected', nowMs: 0 });
  world.greet(said);
  world.deliver(0);
  world.compare(0);
  world.acks = [];
  return world;
}

function waitingReads(world: WindowWorld): (readonly [after: number, to: number])[] {
  return world.reads.map(({ after, to }) => [after, to]);
}

function receiveAll(world: WindowWorld, said: Parameters<WindowWorld['receive']>[1] = good): void {
  while (world.batches.length > 0) {
    world.receive(0, said);
    world.deliver(world.acks.length - 1);
    world.compare(0);
  }
}

test('window: a hello that nobody answers is said again, more and more rarely, and nothing is sent', () => {
  const world = new WindowWorld();
  world.append(500, true);
  world.input({ kind: 'connected', nowMs: 0 });
  for (let step = 0; step < 8; step += 1) world.pass((wakeAtMs(world.window, world.nowMs) ?? 0) - world.nowMs);
  world.pass(59_999);
  const saidAfterMs = world.hellos.map((atMs, index) => atMs - (world.hellos[index - 1] ?? 0));
  assert.deepEqual(saidAfterMs, [0, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  assert.deepEqual([world.reads, world.broken], [[], []]);
});

test('window: a hello is said again when its time has come and not before', () => {
  const world = new WindowWorld();
  world.input({ kind: 'connected', nowMs: 0 });
  world.pass(1999);
  assert.equal(world.hellos.length, 1);
  world.pass(1);
  assert.equal(world.hellos.length, 2);
});

test('window: the answer to an earlier hello opens nothing', () => {
  const world = new WindowWorld();
  world.append(10, true);
  world.input({ kind: 'connected', nowMs: 0 });
  world.pass(2000);
  world.greet(good, 'w-1');
  world.deliver(0);
  assert.deepEqual([world.compares, world.window.link.kind], [[], 'greeting']);
  world.greet(good, 'w-2');
  world.deliver(1);
  world.compare(0);
  assert.equal(world.window.link.kind, 'flowing');
});

test('window: a few rows wait for more, for a second at most; one that is urgent does not wait', () => {
  const world = met(1);
  world.read(100);
  receiveAll(world);
  world.append(5, false);
  world.pass(999);
  assert.deepEqual(waitingReads(world), []);
  world.pass(1);
  assert.deepEqual(waitingReads(world), [[1, 6]]);
  world.read(100);
  receiveAll(world);
  world.append(99, false);
  assert.deepEqual(waitingReads(world), []);
  world.append(1, true);
  assert.deepEqual(waitingReads(world), [[6, 106]]);
});

test('window: whatever the credit, at most 64 batches are under way', () => {
  const world = met(1000, { credit: 1000, retryMs: 1000 });
  while (world.reads.length > 0) world.read(1);
  assert.equal(world.batches.length, 64);
});

test('window: less credit lets what is under way come to its end and sends no more', () => {
  const world = met(1000, { credit: 4, retryMs: 1000 });
  while (world.reads.length > 0) world.read(100);
  assert.equal(world.batches.length, 4);
  world.receive(0, { credit: 1, retryMs: 1000 });
  world.deliver(0);
  world.compare(0);
  assert.deepEqual([world.window.place.credit, waitingReads(world)], [1, []]);
  receiveAll(world, { credit: 1, retryMs: 1000 });
  assert.deepEqual([world.window.place.ackedSeq, waitingReads(world)], [400, [[400, 1000]]]);
});

test('window: refused rows wait ever longer, and the others go on', () => {
  const world = met(200);
  world.read(100);
  world.read(100);
  const reject = [{ from: 0, to: 0, reason: 'unreadable', detail: 'What is this?' }] as const;
  world.receive(0, { ...good, reject });
  world.deliver(0);
  world.compare(0);
  receiveAll(world);
  world.append(100, true);
  assert.deepEqual(waitingReads(world), [[200, 300]]);
  world.read(100);
  receiveAll(world);
  assert.deepEqual([world.window.place.ackedSeq, world.window.place.acked], [0, [[101, 300]]]);
  world.pass(1999);
  assert.deepEqual(waitingReads(world), []);
  world.pass(1);
  assert.deepEqual(waitingReads(world), [[0, 100]]);
});

test('window: refused rows are tried again though nothing else is to be sent', () => {
  const world = met(7);
  world.read(100);
  receiveAll(world, { ...good, reject: [{ from: 0, to: 0, reason: 'version', detail: 'Too new.' }] });
  assert.equal(wakeAtMs(world.window, 0), 2000);
  world.pass(2000);
  assert.deepEqual([waitingReads(world), world.broken], [[[0, 7]], []]);
});

test('window: rows that came corrupt are sent again at once, three times', () => {
  const world = met(50);
  const reject = [{ from: 0, to: 0, reason: 'corrupt', detail: 'A bit is wrong.' }] as const;
  for (let times = 0; times < 3; times += 1) {
    world.read(100);
    receiveAll(world, { ...good, reject });
    assert.deepEqual(waitingReads(world), [[0, 50]]);
  }
  world.read(100);
  receiveAll(world, { ...good, reject });
  assert.deepEqual(waitingReads(world), []);
});

test('window: another row at the receiver begins a new epoch, three times and then only for a person', () => {
  const world = met(10);
  for (let branch = 1; branch <= 3; branch += 1) {
    world.greet(good);
    world.input({ kind: 'connected', nowMs: world.nowMs });
    world.got = [[1, 5]];
    world.greet({ ...good, head: 'another' });
    world.deliver(world.acks.length - 1);
    world.compare(0);
    world.branch(true);
    assert.equal(world.window.place.epoch, `e${branch}`);
  }
  world.got = [[1, 5]];
  world.greet({ ...good, head: 'another' });
  world.deliver(world.acks.length - 1);
  world.compare(0);
  assert.deepEqual([world.branchings, world.window.link.kind], [0, 'greeting']);
  assert.equal(wakeAtMs(world.window, world.nowMs), world.nowMs + 60_000);
});

test('window: an ack of the epoch before, or to a read of the connection before, changes nothing', () => {
  const world = met(50);
  const [read] = world.reads;
  world.input({ kind: 'disconnected' });
  const offline = world.window;
  world.read(100);
  assert.equal(world.window, offline);
  world.input({ kind: 'connected', nowMs: 0 });
  world.greet(good);
  world.deliver(0);
  world.compare(0);
  const flowing = world.window;
  assert.ok(read !== undefined);
  world.input({ kind: 'sent', reading: read.reading, from: 1, to: 50, nowMs: 0 });
  world.input({ kind: 'not-read', reading: read.reading, nowMs: 0 });
  const ack = { v: 1, epoch: 'older', hello: null, ranges: [[1, 50] as const], maxContig: 50, head: 'h50' };
  world.input({ kind: 'ack', ack: { ...ack, ...good, reject: [] } });
  assert.deepEqual([world.window, world.compares], [flowing, []]);
});

test('window: a row beyond a hole that the receiver lost before the hole was filled is sent again', () => {
  const world = met(101);
  world.read(100);
  world.read(100);
  world.batches.reverse();
  world.receive(0, good);
  world.deliver(world.acks.length - 1);
  world.compare(0);
  assert.deepEqual(world.window.place.acked, [[101, 101]]);
  world.got = [];
  world.receive(0, good);
  world.deliver(world.acks.length - 1);
  world.compare(0);
  assert.equal(world.window.link.kind, 'greeting');
  world.greet(good);
  world.deliver(world.acks.length - 1);
  world.compare(0);
  assert.deepEqual([world.window.place.ackedSeq, world.reads.map(({ after, to }) => [after, to])], [100, [[100, 101]]]);
  assert.deepEqual(world.broken, []);
});
