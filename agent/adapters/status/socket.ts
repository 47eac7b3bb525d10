import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf } from '../../core/errors.ts';
import type { ResumeOrder, StationStatus } from '../../ports/status.ts';
import { type SocketPlace, socketPlace } from './place.ts';
import { decodeRequest, longestRequestBytes } from './request.ts';

export interface StatusSocketOptions {
  /** The state folder. */
  readonly folder: string;
  readonly status: () => StationStatus;
  /** Tells what came of it; rejects with a sentence. */
  readonly resume: (order: ResumeOrder) => Promise<string>;
  /** The station runs on without it. One sentence. */
  readonly onFault: (message: string) => void;
}

const mostReaders = 8;
/** For a request and its answer; resuming waits for the ledger, a second at most. */
const readerTimeoutMs = 3000;

/**
 * Answers whoever may read the state folder: `agent.sock` there takes one line a connection, `status` or `resume ...`, and
 * answers with one line of JSON. No port of the network is opened.
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
    const server = createServer({ allowHalfOpen: true }, (reader) => this.#serve(reader));
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

  #serve(reader: Socket): void {
    this.#readers.add(reader);
    // However slowly it asks or reads, and whether it does at all.
    const timer = setTimeout(() => reader.destroy(), readerTimeoutMs);
    reader.on('close', () => {
      clearTimeout(timer);
      this.#readers.delete(reader);
    });
    // One that does not read, or goes away, is nothing to the station.
    reader.on('error', () => reader.destroy());
    const hangUp = (): void => void reader.destroy();
    reader.on('end', hangUp);
    let asked = '';
    reader.setEncoding('latin1');
    const take = (text: string): void => {
      asked += text;
      const end = asked.indexOf('\n');
      if (end < 0 && asked.length < longestRequestBytes) return;
      reader.off('data', take).off('end', hangUp).resume();
      // One that is too long is no request.
      const line = Buffer.from(asked.slice(0, end < longestRequestBytes ? end : 0), 'latin1').toString();
      this.#answer(line).then(
        (answer) => reader.end(`${answer}\n`),
        () => reader.destroy(),
      );
    };
    reader.on('data', take);
  }

  /** The answer's line. Rejects where nothing can be answered. */
  async #answer(line: string): Promise<string> {
    try {
      const request = decodeRequest(line);
      if (request.kind === 'resume') return JSON.stringify({ message: await this.#options.resume(request.order) });
    } catch (error) {
      return JSON.stringify({ fault: messageOf(error) });
    }
    try {
      return JSON.stringify(this.#options.status());
    } catch (error) {
      this.#options.onFault(`The status cannot be told (${messageOf(error)}).`);
      throw error;
    }
  }
}
