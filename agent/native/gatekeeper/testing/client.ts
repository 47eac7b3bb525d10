import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One record of the gatekeeper, of the fields that tests look at; see agent/native/gatekeeper/wire.h. */
export interface Heard {
  readonly kind: number;
  readonly atNs: number;
  readonly dueNs: number;
  readonly part: number;
  readonly value: bigint;
  readonly action: number;
  readonly flag: number;
  readonly code: number;
}

export const kinds = {
  hello: 64,
  attached: 65,
  refused: 66,
  interrupted: 68,
  ready: 69,
  input: 70,
  fault: 71,
  trigger: 97,
  closed: 109,
} as const;

const recordBytes = 64;
const heartbeatMs = 100;

/** The smallest agent: it attaches, beats and keeps what it heard. */
export class Client {
  readonly heard: Heard[] = [];
  closed = false;
  readonly #socket: Socket;
  #rest = Buffer.alloc(0);
  #nonce = 0n;
  #number = 0n;
  #heart: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.#socket = connect(path);
    this.#socket.on('data', (bytes) => this.#take(bytes));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.closed = true;
      clearInterval(this.#heart);
    });
  }

  attach(firstPart: number): void {
    this.#send(1, firstPart, 1);
    this.#heart = setInterval(() => this.#send(4, 0, 0), heartbeatMs);
  }

  pass(part: number): void {
    this.#send(2, part, 1);
  }

  acknowledge(part: number): void {
    this.#send(3, part, 0);
  }

  /** Says that the belt is empty, which ends the doubts of the start. */
  resume(): void {
    this.#send(5, 0, 1);
  }

  /** Stops reading, as an agent does whose event loop is blocked. */
  pause(): void {
    this.#socket.pause();
    clearInterval(this.#heart);
  }

  raw(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    if (!this.closed) await once(this.#socket, 'close');
  }

  of(kind: number): Heard[] {
    return this.heard.filter((record) => record.kind === kind);
  }

  #send(kind: number, part: number, argument: number): void {
    this.#number += 1n;
    const bytes = Buffer.alloc(recordBytes);
    bytes.writeUInt16LE(0x474c, 0);
    bytes[2] = 1;
    bytes[3] = kind;
    bytes.writeBigUInt64LE(this.#number, 8);
    bytes.writeBigUInt64LE(this.#nonce, 16);
    bytes.writeBigUInt64LE(BigInt(part), 24);
    bytes[32] = argument;
    this.#socket.write(bytes);
  }

  #take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= recordBytes) {
      const heard = read(this.#rest.subarray(0, recordBytes));
      this.#rest = this.#rest.subarray(recordBytes);
      if (heard.kind === kinds.hello) this.#nonce = heard.value;
      this.heard.push(heard);
    }
  }
}

function read(record: Buffer): Heard {
  return {
    kind: record.readUInt8(3),
    atNs: Number(record.readBigInt64LE(16)),
    dueNs: Number(record.readBigInt64LE(24)),
    part: Number(record.readBigUInt64LE(40)),
    value: record.readBigUInt64LE(48),
    action: record.readUInt8(56),
    flag: record.readUInt8(60),
    code: record.readUInt8(61),
  };
}

/** Waits until it is so; false after the limit. */
export async function until(isSo: () => boolean, limitMs = 3000): Promise<boolean> {
  for (const end = performance.now() + limitMs; performance.now() < end; await sleep(2)) {
    if (isSo()) return true;
  }
  return isSo();
}

/** A client to whom somebody said hello: the socket's file may be that of a process that was killed. */
export async function connected(socket: string): Promise<Client> {
  const end = performance.now() + 5000;
  for (;;) {
    const client = new Client(socket);
    if ((await until(() => client.of(kinds.hello).length > 0 || client.closed)) && !client.closed) return client;
    await client.close();
    if (performance.now() > end) throw new Error(`Nobody answers on ${socket}.`);
    await sleep(5);
  }
}

export async function attached(socket: string, firstPart = 1): Promise<Client> {
  const client = await connected(socket);
  client.attach(firstPart);
  await until(() => client.of(kinds.attached).length > 0 || client.closed);
  return client;
}
