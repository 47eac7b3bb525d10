import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { until } from './client.ts';

/** An output that was set. */
export interface Change {
  readonly line: string;
  readonly active: boolean;
  readonly atNs: number;
}

/** The chip of a gatekeeper that was built with gpio_socket.c: a test drives its inputs and sees its outputs. */
export class TestLines {
  readonly changes: Change[] = [];
  readonly path: string;
  readonly #levels = new Map<string, boolean>();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** The chip is there. */
  async plugIn(): Promise<void> {
    this.#server = createServer((socket) => this.#serve(socket));
    this.#server.listen(this.path);
    await once(this.#server, 'listening');
  }

  /** The chip is gone. */
  async unplug(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server?.listening !== true) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  drive(line: string, active: boolean): void {
    for (const socket of this.#sockets) socket.write(`edge ${line} ${active ? 1 : 0}\n`);
  }

  pulse(line: string): void {
    this.drive(line, true);
    this.drive(line, false);
  }

  levelOf(line: string): boolean {
    return this.#levels.get(line) === true;
  }

  async reaches(line: string, active: boolean, limitMs = 3000): Promise<boolean> {
    return until(() => this.#levels.get(line) === active, limitMs);
  }

  /** Waits until the output has become active so many times in all. */
  async becameActive(line: string, times: number, limitMs = 3000): Promise<boolean> {
    const count = (): number => this.changes.filter((change) => change.line === line && change.active).length;
    return until(() => count() >= times, limitMs);
  }

  #serve(socket: Socket): void {
    let rest = '';
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    socket.setEncoding('utf8').on('data', (text: string) => {
      const rows = (rest + text).split('\n');
      rest = rows.pop() ?? '';
      for (const row of rows) this.#note(row);
    });
  }

  #note(row: string): void {
    const [, line = '', level, at] = row.split(' ');
    this.#levels.set(line, level === '1');
    this.changes.push({ line, active: level === '1', atNs: Number(at) });
  }
}
