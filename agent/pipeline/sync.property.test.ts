import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ArrayOutbox, type Card } from '../../test/support/array-outbox.ts';
import { ModelReceiver } from '../../test/support/model-receiver.ts';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import { goodNetwork, MemoryNetwork, type NetworkFaults } from '../adapters/uplink/memory.ts';
import { randomOf } from '../core/render/prng.ts';
import type { PartsPolicy } from '../core/sync/select.ts';
import { Sync, type SyncObservation } from './sync.ts';

/** A station with its card, a bad network and a receiver, all of which may be put back in time. */
class World {
  readonly clock = new VirtualClock();
  readonly observations: SyncObservation[] = [];
  readonly network: MemoryNetwork;
  readonly receiver: ModelReceiver;
  outbox = new ArrayOutbox();
  sync: Sync;
  readonly #parts: PartsPolicy;
  #oldCard: Card = this.outbox.card;
  #oldStore;

  constructor(seed: number, faults: NetworkFaults, parts: PartsPolicy = 'all') {
    const random = randomOf(seed, 0);
    const { clock } = this;
    this.#parts = parts;
    this.receiver = new ModelReceiver({
      clock,
      commitMs: () => 10 + 300 * random(),
      send: (ack) => this.network.ack(ack),
    });
    this.network = new MemoryNetwork({ clock, random, faults, receive: (...sent) => this.receiver.receive(...sent) });
    this.#oldStore = this.receiver.store;
    this.sync = this.#makeSync();
  }

  #makeSync(): Sync {
    const facts = { bootId: 'b', software: 's', recipe: 'r@1', modelDigest: 'd', clockState: () => 'synced' as const };
    const uplink = this.network.uplink();
    const observe = (observation: SyncObservation) => this.observations.push(observation);
    return new Sync({ outbox: this.outbox, uplink, clock: this.clock, parts: this.#parts, facts, observe });
  }

  /** The station's process ends at once and begins anew, perhaps with an older card. */
  async restart(card: Card = this.outbox.card): Promise<void> {
    // The old one stays behind with its old card, without a connection.
    void this.sync.stop(0);
    await this.pass(1);
    this.outbox = new ArrayOutbox(card);
    this.sync = this.#makeSync();
    await this.sync.start();
  }

  async act(action: Action): Promise<void> {
    switch (action.kind) {
      case 'append':
        return this.outbox.append(action.rows, action.rows < 3);
      case 'crash':
        return this.receiver.crash();
      case 'keep-store':
        this.#oldStore = this.receiver.store;
        return;
      case 'restore-store':
        return this.receiver.restore(this.#oldStore);
      case 'keep-card':
        this.#oldCard = this.outbox.card;
        return;
      case 'restore-card':
        return this.restart(this.#oldCard);
      case 'restart':
        return this.restart();
    }
  }

  async pass(ms: number): Promise<void> {
    let over = false;
    this.clock.at(this.clock.nowNs() + ms * 1e6, () => {
      over = true;
    });
    await this.clock.run(() => over);
  }

  async drained(): Promise<boolean> {
    this.network.faults = goodNetwork;
    // What was acknowledged before may be lost at the receiver: only another row makes the station notice.
    this.outbox.append(1);
    let whole: boolean | undefined;
    void this.sync.drained(3_600_000).then((is) => {
      whole = is;
    });
    await this.clock.run(() => whole !== undefined);
    return whole === true;
  }

  /** Every row of the card is at the receiver once, and no row twice. */
  assertWhole(): void {
    const { rows, epoch, ackedSeq } = this.outbox.card;
    assert.equal(ackedSeq, rows.length, 'not all is acknowledged');
    assert.equal(this.receiver.contig(epoch), rows.length, 'the receiver has holes');
    const stored = [...this.receiver.store.rows.values()].filter(({ same }) => !same).map(({ hash }) => hash);
    const times = new Map<string | null, number>();
    for (const hash of stored) times.set(hash, (times.get(hash) ?? 0) + 1);
    for (const { seq, hash } of rows) assert.equal(times.get(hash), 1, `row ${seq} is there ${times.get(hash)} times`);
    assert.ok(
      [...times.values()].every((n) => n === 1),
      'a row is there twice',
    );
  }
}

type Action =
  | { readonly kind: 'append'; readonly rows: number }
  | { readonly kind: 'crash' | 'keep-store' | 'restore-store' | 'keep-card' | 'restore-card' | 'restart' };

const faults = fc.record({
  lossShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
  doubleShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
  delayMs: fc.integer({ min: 1, max: 3000 }),
  cutMs: fc.option(fc.integer({ min: 100, max: 10_000 })),
  downMs: fc.integer({ min: 1, max: 5000 }),
});

const append = fc.record({ kind: fc.constant('append' as const), rows: fc.integer({ min: 1, max: 250 }) });
const timed = (action: fc.Arbitrary<Action>) =>
  fc.array(fc.tuple(action, fc.integer({ min: 0, max: 8000 })), { minLength: 1, maxLength: 15 });
const whatever = timed(
  fc.oneof(
    { weight: 4, arbitrary: append },
    {
      weight: 3,
      arbitrary: fc.constantFrom<Action>(
        ...(['crash', 'keep-store', 'restore-store', 'keep-card', 'restore-card', 'restart'] as const).map((kind) => ({
          kind,
        })),
      ),
    },
  ),
);

type Example = [seed: number, bad: NetworkFaults, actions: [Action, number][]];

/** A batch from before the card was put back arrives after the new rows that follow it and before those that take its place. */
const overtaken: Example = [
  1047373290,
  { lossShare: 0, doubleShare: 0.1276708592195064, delayMs: 2482, cutMs: 5885, downMs: 3341 },
  [
    [{ kind: 'crash' }, 6003],
    [{ kind: 'append', rows: 101 }, 3449],
    [{ kind: 'restore-store' }, 0],
    [{ kind: 'restore-card' }, 0],
    [{ kind: 'append', rows: 85 }, 0],
    [{ kind: 'append', rows: 16 }, 5656],
  ],
];

/** A row beyond a hole is durable, then the store is put back, and only then the hole is filled. */
const lostBeyond: Example = [
  1620670501,
  { lossShare: 0.42503282218240207, doubleShare: 0, delayMs: 1, cutMs: 4293, downMs: 53 },
  [
    [{ kind: 'append', rows: 1 }, 2175],
    [{ kind: 'keep-store' }, 1902],
    [{ kind: 'crash' }, 6139],
    [{ kind: 'append', rows: 100 }, 3800],
    [{ kind: 'restart' }, 113],
    [{ kind: 'restore-store' }, 0],
  ],
];

test('sync: whatever network, receiver and station do, every row is at the receiver once and acknowledged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), faults, whatever, async (seed, bad, actions) => {
      const world = new World(seed, bad);
      await world.sync.start();
      for (const [action, thenMs] of actions) {
        await world.act(action);
        await world.pass(thenMs);
      }
      assert.ok(await world.drained(), `still waiting: ${JSON.stringify(world.sync.state())}`);
      world.assertWhole();
    }),
    { numRuns: Number(process.env['SYNC_RUNS'] ?? 150), examples: [overtaken, lostBeyond] },
  );
});
