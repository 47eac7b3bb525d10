import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf } from '../../core/errors.ts';
import type { StationStatus } from '../../ports/status.ts';
import { type SocketPlace, socketPlace } from './place.ts';

export interface StatusSocketOptions {
  /** The state folder. */
  readonly folder: string;
  readonly status: () => StationStatus;
  /** The station runs on without it. One sentence. */
  readonly onFault: (message: string) => void;
}

const mostReaders = 8;
const readerTimeoutMs = 2000;

/**
 * Tells whoever may read the state folder how the station is: `agent.sock` there answers each connection with one line of
 * JSON. No port of the network is opened.
 */
export class StatusSocket {
  readonly #options: StatusSocketOptions;
  readonly #readers = new Set<Socket>();
  #server: Server | null = null;
  #place: SocketPlace | null = null;

  constructor(options: StatusSocketOptions) {
    this.#options = options;
  }

  /** Replaces what a station that died left; the ledger's lock must be held. Never rejects. */
  async start(): Promise<void> {
    try {
      this.#place = socketPlace(this.#options.folder);
      await this.#listen(this.#place.path);
    } catch (error) {
      const message = `Nobody can ask this station for its status (${messageOf(error)}): check the state folder.`;
      this.#options.onFault(message);
      await this.stop();
    }
  }

  /** May be called again. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const reader of this.#readers) reader.destroy();
    if (server?.listening) await new Promise<void>((resolve) => void server.close(() => resolve()));
    this.#place?.release();
    this.#place = null;
  }

  async #listen(path: string): Promise<void> {
    rmSync(path, { force: true });
    const server = createServer((reader) => this.#answer(reader));
    server.maxConnections = mostReaders;
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // Nobody else may read it even for the moment before its rights are set.
      const mask = process.umask(0o177);
      try {
        server.listen(path, resolve);
      } finally {
        process.umask(mask);
      }
    });
    chmodSync(path, 0o600);
    server.on('error', (error) => this.#options.onFault(`The status socket has failed (${messageOf(error)}).`));
  }

  #answer(reader: Socket): void {
    this.#readers.add(reader);
    reader.on('close', () => this.#readers.delete(reader));
    // One that does not read, or goes away, is nothing to the station.
    reader.on('error', () => reader.destroy());
    reader.setTimeout(readerTimeoutMs, () => reader.destroy());
    try {
      reader.end(`${JSON.stringify(this.#options.status())}\n`);
    } catch (error) {
      this.#options.onFault(`The status cannot be told (${messageOf(error)}).`);
      reader.destroy();
    }
  }
}
