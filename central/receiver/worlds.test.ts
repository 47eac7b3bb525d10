import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { VirtualClock } from '../../agent/adapters/clock/virtual.ts';
import { goodNetwork, MemoryNetwork, type NetworkFaults } from '../../agent/adapters/uplink/memory.ts';
import { randomOf } from '../../agent/core/render/prng.ts';
import type { PartsPolicy } from '../../agent/core/sync/select.ts';
import { Sync, type SyncObservation } from '../../agent/pipeline/sync.ts';
import { ArrayOutbox, type Card } from '../../test/support/array-outbox.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { Receiver } from './receiver.ts';
import { ReceiverStore } from './store.ts';
import { verifyStore } from './verify.ts';

/** The station's own sync, a network in memory and the receiver with its database. Cards can be copied and put back. */
class World {
  readonly clock = new VirtualClock();
  readonly observed: SyncObservation[] = [];
  readonly images: Card[] = [];
  readonly network: MemoryNetwork;
  file: string;
  outbox = new ArrayOutbox();
  readonly #parts: PartsPolicy;
  #store: ReceiverStore;
  #receiver: Receiver;
  #sync: Sync;

  constructor(folder: string, seed: number, faults: NetworkFaults = goodNetwork, parts: PartsPolicy = 'all') {
    const random = randomOf(seed, 3);
    this.file = path.join(folder, 'central.db');
    this.#parts = parts;
    this.#store = new ReceiverStore(this.file);
    this.#receiver = this.#makeReceiver();
    this.network = new MemoryNetwork({
      clock: this.clock,
      random,
      faults,
      receive: (channel, payload) => this.#receiver.take([{ station: 's', channel, payload }]),
    });
    this.#sync = this.#makeSync();
  }

  /** A copy of the card, or the card itself where there is none. */
  image(which: number): Card {
    return this.images[which % this.images.length] ?? this.outbox.card;
  }

  /** Nothing goes on afterwards. */
  end(): void {
    void this.#sync.stop(0);
    this.#store.close();
  }

  start(): Promise<void> {
    return this.#sync.start();
  }

  /** Another card, or none, in the station, whose process begins anew. */
  async insert(card: Card): Promise<void> {
    void this.#sync.stop(0);
    await this.pass(1);
    this.outbox = new ArrayOutbox(card);
    this.#sync = this.#makeSync();
    await this.#sync.start();
  }

  /** The receiver dies, and goes on with its file or with another one. */
  reopen(file = this.file): void {
    this.#store.close();
    this.file = file;
    this.#store = new ReceiverStore(file);
    this.#receiver = this.#makeReceiver();
  }

  async pass(ms: number): Promise<void> {
    let over = false;
    this.clock.at(this.clock.nowNs() + ms * 1e6, () => {
      over = true;
    });
    await this.clock.run(() => over);
  }

  async drained(): Promise<void> {
    this.network.faults = goodNetwork;
    let whole: boolean | undefined;
    void this.#sync.drained(3_600_000).then((is) => {
      whole = is;
    });
    await this.clock.run(() => whole !== undefined);
    assert.equal(whole, true, `still waiting: ${JSON.stringify([this.#sync.state(), this.observed.slice(-5)])}`);
  }

  /** No row of the receiver twice, each row of the card once, and the audit says so. */
  assertWhole(): void {
    const db = new Database(this.file, { readonly: true });
    const rows = db.prepare<[], { seq: number; hash: Buffer }>("SELECT seq, hash FROM items WHERE kind = 'part'").all();
    db.close();
    const stored = new Set(rows.map(({ seq, hash }) => `${seq} ${hash.toString('hex')}`));
    assert.equal(stored.size, rows.length, 'a row is there twice');
    const { epoch, rows: own } = this.outbox.card;
    if (this.#parts === 'all') assert.ok(own.every(({ seq, hash }) => stored.has(`${seq} ${hash}`)));
    const { stations } = verifyStore(this.file);
    // Two copies of a card that send under one name do conflict, and rows of a card that is gone may be gone with it.
    const excused = (own: boolean): RegExp =>
      own
        ? /^In quarantine/
        : /^In quarantine|^Rows \d+ to \d+(, which its parent .*,)? are missing|^Rows are here up to/;
    const findings = stations.flatMap((report) =>
      report.findings.filter((finding) => !excused(report.epoch === epoch).test(finding)),
    );
    assert.deepEqual(findings, []);
    const here = stations.find((report) => report.epoch === epoch);
    assert.deepEqual([here?.maxContig, here?.head], [own.length, own.at(-1)?.hash]);
  }

  #makeReceiver(): Receiver {
    const send = (_: string, payload: Uint8Array): void => this.network.ack(payload);
    return new Receiver({ store: this.#store, send, note: () => undefined, nowWallMs: () => this.clock.wallMs() });
  }

  #makeSync(): Sync {
    const facts = { bootId: 'b', software: 's', recipe: 'r@1', modelDigest: 'd', clockState: () => 'synced' as const };
    const observe = (observation: SyncObservation): void => void this.observed.push(observation);
    const uplink = this.network.uplink();
    return new Sync({ outbox: this.outbox, uplink, clock: this.clock, parts: this.#parts, facts, observe });
  }
}

type Action =
  | { readonly kind: 'append'; readonly rows: number }
  | { readonly kind: 'copy' | 'die' | 'offline' | 'online' }
  | { readonly kind: 'restore'; readonly which: number }
  /** A restored card works in the dark and is copied, before the receiver hears of it. */
  | { readonly kind: 'dark'; readonly which: number; readonly rows: number };

async function act(world: World, action: Action): Promise<void> {
  switch (action.kind) {
    case 'append':
      return world.outbox.append(action.rows);
    case 'copy':
      world.images.push(world.outbox.card);
      return;
    case 'restore':
      return world.insert(world.image(action.which));
    case 'dark':
      await act(world, { kind: 'offline' });
      await world.insert(world.image(action.which));
      world.outbox.append(action.rows);
      world.images.push(world.outbox.card);
      return act(world, { kind: 'online' });
    case 'die':
      return world.reopen();
    case 'offline':
      world.network.faults = { ...world.network.faults, lossShare: 1 };
      return;
    case 'online':
      world.network.faults = { ...world.network.faults, lossShare: 0.1 };
      return;
  }
}

const faults = fc.record({
  lossShare: fc.double({ min: 0, max: 0.4, noNaN: true }),
  doubleShare: fc.double({ min: 0, max: 0.4, noNaN: true }),
  delayMs: fc.integer({ min: 1, max: 3000 }),
  cutMs: fc.option(fc.integer({ min: 100, max: 10_000 })),
  downMs: fc.integer({ min: 1, max: 5000 }),
});

const rows = fc.integer({ min: 1, max: 60 });
const which = fc.nat(9);
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('append' as const), rows }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('restore' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('dark' as const), which, rows }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('copy' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('die' as const, 'offline' as const, 'online' as const) }),
  },
);
const actions = fc.array(fc.tuple(action, fc.integer({ min: 0, max: 20_000 })), {
  minLength: 4,
  maxLength: 20,
  size: 'max',
});

test('receiver: whatever cards are put back, each row of the station is stored once and the audit agrees', async (t) => {
  const all = temporaryFolder(t);
  const policy = fc.constantFrom<PartsPolicy>('all', 'all', 'rejects');
  await fc.assert(
    fc.asyncProperty(fc.nat(), faults, policy, actions, async (seed, bad, parts, list) => {
      const folder = mkdtempSync(path.join(all, 'world-'));
      const world = new World(folder, seed, bad, parts);
      await world.start();
      for (const [action, thenMs] of list) {
        await act(world, action);
        await world.pass(thenMs);
      }
      world.outbox.append(1);
      await world.drained();
      world.assertWhole();
      world.end();
      rmSync(folder, { recursive: true });
    }),
    { numRuns: Number(process.env['WORLD_RUNS'] ?? 40), endOnFailure: true },
  );
});

test('receiver: a branch whose parent is here in part, or not at all, begins where the parent ends', async (t) => {
  for (const [seed, kept] of [
    [1, 0],
    [2, 30],
  ] as const) {
    const folder = temporaryFolder(t);
    const world = new World(folder, seed);
    t.after(() => world.end());
    const lost = path.join(folder, 'lost.db');
    await world.start();
    world.outbox.append(30);
    await world.drained();
    if (kept > 0) new Database(world.file).exec(`VACUUM INTO '${lost}'`).close();
    world.outbox.append(40);
    await world.drained();
    const image = world.outbox.card;
    world.outbox.append(50);
    await world.drained();
    await world.insert(image);
    world.outbox.append(5);
    await world.drained();
    assert.deepEqual(world.outbox.card.parent, { epoch: 'first', seq: 70 });
    // The receiver goes on with an old copy of its file, or with none: it lacks rows of the branch's parent.
    world.reopen(lost);
    const told = world.observed.length;
    await world.insert(world.outbox.card);
    world.outbox.append(5);
    await world.drained();
    const rewound = world.observed.slice(told).find(({ kind }) => kind === 'rewound');
    assert.match(rewound?.kind === 'rewound' ? rewound.detail : '', new RegExp(`has them up to ${kept} and had`));
    world.assertWhole();
    assert.equal(world.outbox.card.epoch.split('+').length, 2, 'no second branch');
  }
});
