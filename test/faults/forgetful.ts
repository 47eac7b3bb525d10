import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import { randomOf } from '../../agent/core/render/prng.ts';
import type { Cleanup } from '../support/cleanup.ts';

export interface ForgetfulBroker {
  readonly url: string;
  /** From now on it forgets nothing. */
  readonly remember: () => void;
}

/** A broker that acknowledges every publish and then forgets a share of them. */
export async function forgetfulBroker(round: Cleanup, seed: number, share: number): Promise<ForgetfulBroker> {
  const random = randomOf(seed, 77);
  let forgets = true;
  const broker = await Aedes.createBroker();
  broker.authorizeForward = (_client, packet) => (forgets && random() < share ? null : packet);
  const server = createServer(broker.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  round.after(
    () =>
      new Promise<void>((resolve) => {
        broker.close(() => server.close(() => resolve()));
      }),
  );
  const remember = (): void => {
    forgets = false;
  };
  return { url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`, remember };
}
