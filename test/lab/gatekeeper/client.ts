import { connect, type Socket } from 'node:net';

/** One record of the gatekeeper, of the fields that the smoke test looks at; see agent/native/gatekeeper/wire.h. */
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
  fault: 71,
  trigger: 97,
  closed: 109,
};

const recordBytes = 64;

/** The smallest agent: it attaches, beats and keeps what it heard. */
export class Client {
  readonly heard: Heard[] = [];
  closed = false;
  #socket: Socket;
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
    this.#heart = setInterval(() => this.#send(4, 0, 0), 100);
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

  raw(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  close(): void {
    this.#socket.destroy();
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
      const record = this.#rest.subarray(0, recordBytes);
      this.#rest = this.#rest.subarray(recordBytes);
      const heard = read(record);
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
