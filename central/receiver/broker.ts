import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';

/** A broker in this process. */
export interface RunningBroker {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts an MQTT 3.1.1 broker on loopback; port 0 takes a free one. Anybody on this computer can use it, nobody else.
 * Rejects with LinegateError 'device' when the port cannot be used.
 */
export async function startBroker(port: number): Promise<RunningBroker> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    await new Promise<void>((resolve) => broker.close(resolve));
    const what = `The port ${port} of this computer cannot be used for a broker (${messageOf(cause)})`;
    throw new LinegateError('device', `${what}; give another one with --broker.`, { cause });
  }
  const address = server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `mqtt://127.0.0.1:${listening}`,
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      await new Promise<void>((resolve) => broker.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
