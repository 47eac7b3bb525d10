import assert from 'node:assert/strict';
import { afterEach, describe, type TestContext, test } from 'node:test';
import type { Uplink, UplinkChannel, UplinkEvent } from '../../agent/ports/uplink.ts';

/** An uplink that is not started yet, with the receiver's end of it. */
export interface UplinkUnderTest {
  readonly uplink: Uplink;
  /** What arrived at the receiver's end. */
  readonly arrived: readonly { readonly channel: UplinkChannel; readonly payload: Uint8Array }[];
  ack(payload: Uint8Array): Promise<void>;
  /** The connection is lost, and comes back by itself. */
  cut(): Promise<void>;
  /** Lets time pass until `done`, for a bounded time. */
  run(done: () => boolean): Promise<void>;
}

/** What every uplink keeps on a network that works, but for cuts. */
export function uplinkContract(name: string, make: (t: TestContext) => Promise<UplinkUnderTest>): void {
  describe(`uplink: ${name}`, () => {
    let current: UplinkUnderTest | undefined;
    afterEach(async () => {
      await current?.uplink.stop();
      current = undefined;
    });

    async function connected(t: TestContext) {
      current = await make(t);
      const events: UplinkEvent[] = [];
      await current.uplink.start((event) => events.push(event));
      await current.run(() => events.length > 0);
      assert.deepEqual(events, [{ kind: 'connected' }]);
      return { ...current, events };
    }

    test('takes nothing before it is started and after it is stopped, which may be done twice', async (t) => {
      current = await make(t);
      assert.equal(await current.uplink.publish('batch', Uint8Array.of(1)), false);
      await current.uplink.stop();
      const { uplink, events } = await connected(t);
      await uplink.stop();
      await uplink.stop();
      assert.equal(await uplink.publish('batch', Uint8Array.of(1)), false);
      assert.equal(events.length, 1);
    });

    test('carries bytes as they are, by channel', async (t) => {
      const { uplink, arrived, run } = await connected(t);
      const payloads = {
        batch: Uint8Array.from({ length: 300 }, (_, i) => i),
        hello: Uint8Array.of(0x7b),
        state: Uint8Array.of(0, 255),
      };
      for (const channel of ['batch', 'hello', 'state'] as const) {
        assert.equal(await uplink.publish(channel, payloads[channel]), true);
      }
      await run(() => arrived.length >= 3);
      for (const channel of ['batch', 'hello', 'state'] as const) {
        const payload = arrived.find((one) => one.channel === channel)?.payload;
        assert.deepEqual(payload && [...payload], [...payloads[channel]]);
      }
    });

    test('tells acks', async (t) => {
      const { ack, events, run } = await connected(t);
      await ack(Uint8Array.of(9, 0, 200));
      await run(() => events.length > 1);
      const [, event] = events;
      assert.deepEqual(event?.kind === 'ack' && [...event.payload], [9, 0, 200]);
    });

    test('tells that the connection is lost, takes nothing then, and comes back by itself', async (t) => {
      const { uplink, cut, events, run } = await connected(t);
      await cut();
      await run(() => events.length > 1);
      assert.equal(events[1]?.kind, 'disconnected');
      assert.equal(await uplink.publish('batch', Uint8Array.of(1)), false);
      await run(() => events.length > 2);
      assert.deepEqual(events.slice(2), [{ kind: 'connected' }]);
      assert.equal(await uplink.publish('batch', Uint8Array.of(1)), true);
    });
  });
}
