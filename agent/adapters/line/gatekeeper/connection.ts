import { connect } from 'node:net';
import { messageOf } from '../../../core/errors.ts';

/** One connection to the gatekeeper. */
export interface Connection {
  /** Sends a record; never waits. */
  send(record: Uint8Array): void;
  /** Nothing is told afterwards. What was sent still goes out. May be called again. */
  close(): void;
}

export interface ConnectionHandlers {
  /** Bytes as they come, in any pieces. */
  readonly onBytes: (bytes: Uint8Array) => void;
  /** Told once, unless `close` came first; also when no connection came about. */
  readonly onClosed: (why: string) => void;
}

/** Opens a connection; it may be used at once. */
export type Dial = (handlers: ConnectionHandlers) => Connection;

/** A gatekeeper that does not read for so long that this much waits is as good as gone. */
const mostWaitingBytes = 256 * 1024;

/** Connections to the gatekeeper's socket. */
export function dialSocket(path: string): Dial {
  return ({ onBytes, onClosed }) => {
    const socket = connect(path);
    let open = true;
    let why = 'it hung up';
    socket.on('data', (bytes: Buffer) => {
      if (open) onBytes(bytes);
    });
    socket.on('error', (error) => {
      why = messageOf(error);
    });
    socket.on('close', () => {
      if (!open) return;
      open = false;
      onClosed(why);
    });
    return {
      send(record) {
        if (!open || socket.destroyed) return;
        if (socket.writableLength > mostWaitingBytes) socket.destroy(new Error('it does not read'));
        else socket.write(record);
      },
      close() {
        if (!open) return;
        open = false;
        // What was sent goes out; one that does not read is not waited for.
        socket.end();
        socket.setTimeout(1000, () => socket.destroy());
        socket.unref();
      },
    };
  };
}
