import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { Cleanup } from '../support/cleanup.ts';

/** A way to a broker on loopback that can be cut. */
export class Cable {
  readonly #sockets = new Set<Socket>();
  #open = true;
  url = '';
  /** How many got through so far. */
  connections = 0;

  static async to(round: Cleanup, brokerUrl: string): Promise<Cable> {
    const cable = new Cable();
    const { hostname, port } = new URL(brokerUrl);
    const server = createServer((near) => {
      if (!cable.#open) {
        near.destroy();
        return;
      }
      cable.connections += 1;
      const far = createConnection(Number(port), hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        cable.#sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          cable.#sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cable.url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    round.after(() => {
      cable.cut();
      server.close();
    });
    return cable;
  }

  /** Ends every connection as a pulled cable with a reset would. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** From now on, or until `open(true)`, nobody gets through. */
  open(open: boolean): void {
    this.#open = open;
    if (!open) this.cut();
  }
}
