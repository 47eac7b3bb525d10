import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArrayOutbox } from '../../test/support/array-outbox.ts';
import { ModelReceiver } from '../../test/support/model-receiver.ts';
import { assertSentence } from '../../test/support/sentence.ts';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import { MemoryLedger } from '../adapters/ledger/memory.ts';
import { goodNetwork, MemoryNetwork } from '../adapters/uplink/memory.ts';
import { readBatch } from '../core/sync/batch.ts';
import type { WireBatch, WireReject } from '../core/sync/protocol.ts';
import type { PartsPolicy } from '../core/sync/select.ts';
import { limits, readState, unpack } from '../core/sync/wire.ts';
import type { Outbox } from '../ports/outbox.ts';
import { Sync, type SyncObservation } from './sync.ts';
import { zlibCodec } from './sync-codec.ts';

/** A sync, a good network and a receiver; `reject` makes the receiver refuse what it would have taken. */
function world<T extends Outbox>(outbox: T, parts: PartsPolicy = 'all', clock = new VirtualClock()) {
  const batches: { batch: WireBatch; atMs: number }[] = [];
  const states: string[] = [];
  const observed: SyncObservation[] = [];
  const refusing = { reason: null as WireReject['reason'] | null };
  const receiver = new ModelReceiver({
    clock,
    commitMs: () => 10,
    send: (ack) => {
      const answer = JSON.parse(Buffer.from(ack).toString());
      const { reason } = refusing;
      if (reason === null || answer.hello !== null) return network.ack(ack);
      const reject = answer.ranges.map(([from, to]: [number, number]) => ({ from, to, reason, detail: 'It is not.' }));
      network.ack(Buffer.from(JSON.stringify({ ...answer, ranges: [], maxContig: 0, head: null, reject })));
    },
  });
  const network: MemoryNetwork = new MemoryNetwork({
    clock,
    random: () => 0.5,
    faults: goodNetwork,
    receive: (channel, payload) => {
      if (channel === 'batch') {
        const reading = readBatch(unpack(payload, channel, zlibCodec));
        assert.equal(reading.kind, 'batch');
        if (reading.kind === 'batch') batches.push({ batch: reading.batch, atMs: clock.nowNs() / 1e6 });
      } else if (channel === 'state') states.push(unpack(payload, channel, zlibCodec));
      receiver.receive(channel, payload);
    },
  });
  const facts = { bootId: 'b', software: 's', recipe: 'r@1', modelDigest: 'd', clockState: () => 'synced' as const };
  const observe = (observation: SyncObservation) => observed.push(observation);
  const sync = new Sync({ outbox, uplink: network.uplink(), clock, parts, facts, observe });
  const pass = async (ms: number): Promise<void> => {
    let over = false;
    clock.at(clock.nowNs() + ms * 1e6, () => {
      over = true;
    });
    await clock.run(() => over);
  };
  return { clock, network, receiver, sync, outbox, batches, states, observed, refusing, pass };
}

test('sync: urgent rows go at once, others after a second, a hundred at once', async () => {
  const { sync, outbox, batches, pass, clock } = world(new ArrayOutbox());
  await sync.start();
  await pass(500);
  const sentAfter = async (rows: number, urgent: boolean): Promise<number> => {
    const before = batches.length;
    const startMs = clock.nowNs() / 1e6;
    outbox.append(rows, urgent);
    await pass(2000);
    return (batches[before]?.atMs ?? Number.POSITIVE_INFINITY) - startMs;
  };
  assert.ok((await sentAfter(1, true)) < 20);
  assert.ok((await sentAfter(100, false)) < 20);
  const waitedMs = await sentAfter(99, false);
  assert.ok(waitedMs >= 1000 && waitedMs < 1100, `${waitedMs} ms`);
  assert.equal(sync.state().backlogRows, 0);
});

test('sync: what the policy leaves out goes as spans with counts, and the chain stays whole', async () => {
  for (const [parts, rowsSent] of [
    ['all', 1000],
    ['rejects', 200],
    ['none', 0],
  ] as const) {
    const { sync, outbox, receiver, batches, pass } = world(new ArrayOutbox(), parts);
    outbox.append(1000);
    await sync.start();
    await pass(10_000);
    assert.equal(sync.state().backlogRows, 0);
    assert.equal(receiver.contig('first'), 1000);
    const items = batches.flatMap(({ batch }) => batch.rows);
    assert.equal(items.filter((item) => !('to' in item)).length, rowsSent);
    let counted = 0;
    for (const item of items) if ('to' in item) for (const count of Object.values(item.counts)) counted += count;
    assert.equal(counted, 1000 - rowsSent);
    assert.ok(batches.every(({ batch }) => batch.rows.length <= limits.rows));
  }
});

test('sync: a batch that is corrupt again and again is sent ever more rarely, told, and taken in the end', async () => {
  const { sync, outbox, batches, observed, refusing, pass } = world(new ArrayOutbox());
  refusing.reason = 'corrupt';
  await sync.start();
  outbox.append(1, true);
  await pass(300_000);
  assert.ok(batches.length >= 5 && batches.length <= 15, `${batches.length} times`);
  const told = observed.find(({ kind }) => kind === 'refused');
  assert.ok(told?.kind === 'refused' && told.detail === 'It is not.');
  refusing.reason = null;
  await pass(120_000);
  assert.equal(sync.state().backlogRows, 0);
});

test('sync: a conflict begins a new epoch, a few times at most', async () => {
  const { sync, outbox, observed, refusing, pass } = world(new ArrayOutbox());
  refusing.reason = 'conflict';
  await sync.start();
  outbox.append(1, true);
  await pass(60_000);
  assert.equal(outbox.card.epoch.split('+').length - 1, 3);
  for (const one of observed) if (one.kind === 'conflict') assertSentence(one.detail);
  refusing.reason = null;
  await pass(120_000);
  assert.equal(sync.state().backlogRows, 0);
});

test('sync: messages that are none are counted and told, and the ledger failing is told and outlived', async () => {
  const outbox = new ArrayOutbox();
  const { sync, network, observed, pass } = world(outbox);
  await sync.start();
  await pass(500);
  for (const text of ['', '{', '{"v":9}', 'x\u0000y']) network.ack(Buffer.from(text));
  network.ack(Uint8Array.of(0x78, 0x9c, 1));
  await pass(500);
  assert.equal(sync.state().badMessages, 5);
  for (const one of observed) if (one.kind === 'bad-message') assertSentence(one.detail);
  const { read } = outbox;
  outbox.read = () => Promise.reject(new Error('the disk is gone.'));
  outbox.append(1, true);
  await pass(5000);
  assert.ok(observed.some(({ kind }) => kind === 'outbox'));
  outbox.read = read;
  await pass(5000);
  assert.equal(sync.state().backlogRows, 0);
});

test('sync: says whether it is there, with its alarms, and drains before it goes', async () => {
  const { sync, outbox, states, clock, pass } = world(new ArrayOutbox());
  await sync.start();
  await pass(500);
  sync.setAlarms([{ id: 'disk-full', sentence: 'The disk is full.', sinceWallMs: 5 }]);
  outbox.append(350);
  let stopped = false;
  void sync.stop(5000).then(() => {
    stopped = true;
  });
  await clock.run(() => stopped);
  assert.equal(sync.state().backlogRows, 0);
  await pass(100);
  const told = states.map(readState);
  assert.deepEqual(
    told.map(({ online }) => online),
    [true, true, false],
  );
  assert.equal(told[1]?.alarms?.[0]?.id, 'disk-full');
});

test('sync: without a receiver it ends at its time, and waiting for the end says so', async () => {
  const { sync, outbox, network, clock } = world(new ArrayOutbox());
  network.faults = { ...goodNetwork, lossShare: 1 };
  await sync.start();
  outbox.append(5);
  let whole: boolean | undefined;
  void sync.drained(3000).then((is) => {
    whole = is;
  });
  await clock.run(() => whole !== undefined);
  assert.equal(whole, false);
  const sinceMs = clock.nowNs() / 1e6;
  let stopped = false;
  void sync.stop(2000).then(() => {
    stopped = true;
  });
  await clock.run(() => stopped);
  assert.ok(clock.nowNs() / 1e6 - sinceMs <= 3001);
});

test('sync: a ledger of its own rows goes out whole and is acknowledged there', async () => {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger({ clock, bootId: 'boot' });
  await ledger.open();
  const first = world(ledger, 'all', clock);
  await first.sync.start();
  const row = { kind: 'event' as const, monoMs: 1, wallMs: 2, part: null, outcome: 'x', score: null, recipe: null };
  for (let n = 1; n <= 250; n += 1) void ledger.append({ ...row, urgent: n % 50 === 0, payload: { n } });
  await first.pass(5000);
  const { lastSeq, backlogRows, epoch } = first.sync.state();
  assert.equal(backlogRows, 0);
  assert.equal(first.receiver.contig(epoch), lastSeq);
  assert.ok(lastSeq > 250);
  const state = await ledger.state();
  assert.equal(state.ackedSeq, lastSeq);
  assert.deepEqual(await ledger.read(lastSeq, { rows: 9, bytes: 99 }), { prev: state.head, items: [] });
});

test('sync: a broker that throws away what the station says is told, once, within 30 s, and its end too', async () => {
  const { sync, network, observed, outbox, pass } = world(new ArrayOutbox());
  const deaf = { ...goodNetwork, lossShare: 1 };
  network.faults = deaf;
  await sync.start();
  outbox.append(5);
  await pass(5000);
  assert.equal(observed.length, 0);
  await pass(25_000);
  assert.deepEqual(
    observed.map(({ kind }) => kind),
    ['unanswered'],
  );
  const [told] = observed;
  assertSentence(told?.kind === 'unanswered' ? told.reason : '');
  // It may also drop the connection each time: no news, and never taken for a receiver that answers.
  for (let cut = 0; cut < 20; cut += 1) {
    network.cut();
    await pass(3000);
  }
  assert.deepEqual(
    observed.map(({ kind }) => kind),
    ['unanswered', 'disconnected'],
  );
  network.faults = goodNetwork;
  await pass(70_000);
  assert.deepEqual(observed.at(-1), { kind: 'connected' });
  assert.equal(sync.state().backlogRows, 0);
});
