import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import { randomOf } from '../../agent/core/render/prng.ts';
import type { Cleanup } from '../support/cleanup.ts';

/** A broker that acknowledges every publish and then forgets a share of them. Resolves with its address. */
export async function forgetfulBroker(round: Cleanup, seed: number, share: number): Promise<string> {
  const random = randomOf(seed, 77);
  const broker = await Aedes.createBroker();
  broker.authorizeForward = (_client, packet) => (random() < share ? null : packet);
  const server = createServer(broker.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  round.after(
    () =>
      new Promise<void>((resolve) => {
        broker.close(() => server.close(() => resolve()));
      }),
  );
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
