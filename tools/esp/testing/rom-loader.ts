import type { Duplex } from 'node:stream';
import { RomFlash } from './rom-flash.ts';
import { Deframer, frame } from './slip.ts';

/** What a scripted board does. */
export interface RomScript {
  readonly chip: 'ESP32' | 'ESP32-S3' | 'ESP32-C3';
  readonly flashBytes?: number;
  /** In download mode from the start, as with BOOT held; else only the signals bring it there. */
  readonly downloadMode?: boolean;
  /** What the firmware prints when it starts. */
  readonly firmwareSays?: string;
  /** Answers to none of these commands. */
  readonly deafTo?: readonly number[];
  /** Says a wrong checksum to so many blocks before it takes one. */
  readonly refuseBlocks?: number;
  readonly brokenCell?: number;
}

const MAGIC = { ESP32: 0x00f01d83, 'ESP32-S3': 0x9, 'ESP32-C3': 0x1b31506f } as const;
const CHIP_ID = { ESP32: undefined, 'ESP32-S3': 9, 'ESP32-C3': 5 } as const;
const MAGIC_REGISTER = 0x40001000;
const COMMANDS = {
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeRegister: 0x09,
  readRegister: 0x0a,
  changeBaud: 0x0f,
  deflBegin: 0x10,
  deflData: 0x11,
  deflEnd: 0x12,
  md5: 0x13,
  securityInfo: 0x14,
} as const;
const INVALID_MESSAGE = 0x05;
const BAD_CHECKSUM = 0x07;
const FAILED = 0x06;

/**
 * The serial protocol of an ESP32's ROM loader and of the stub that esptool-js loads into it, after Espressif's public
 * description ("Serial Protocol"). It runs no code: after MEM_END it behaves as the stub does.
 */
export class RomLoader {
  readonly flash: RomFlash;
  /** Images whose digest was asked for: the last thing that is done to each. */
  digests = 0;
  stub = false;
  /** Bytes that came into RAM, and the rate that was asked for. */
  ramBytes = 0;
  baud = 115_200;
  resets = 0;
  #downloading: boolean;
  #refusals: number;
  #rts = false;
  #dtr = false;
  readonly #stream: Duplex;
  readonly #script: RomScript;
  readonly #deframer = new Deframer();

  constructor(stream: Duplex, script: RomScript) {
    this.#stream = stream;
    this.#script = script;
    this.flash = new RomFlash(script.flashBytes ?? 4 * 1024 * 1024);
    this.flash.broken = script.brokenCell;
    this.#downloading = script.downloadMode ?? false;
    this.#refusals = script.refuseBlocks ?? 0;
  }

  start(): void {
    this.#stream.on('data', (bytes: Uint8Array) => {
      for (const packet of this.#deframer.take(bytes)) this.#take(packet);
    });
  }

  /** As the two transistors on a board do: RTS alone is reset, DTR alone at the end of a reset is download mode. */
  signals({ dtr, rts }: { readonly dtr: boolean; readonly rts: boolean }): void {
    const wasInReset = this.#rts && !this.#dtr;
    this.#rts = rts;
    this.#dtr = dtr;
    if (!wasInReset || (rts && !dtr)) return;
    this.#boot(dtr && !rts);
  }

  #boot(download: boolean): void {
    this.resets += 1;
    this.stub = false;
    this.#downloading = download;
    const mode = download
      ? 'boot:0x3 (DOWNLOAD_BOOT)\r\nwaiting for download\r\n'
      : 'boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n';
    this.#stream.write(`ets Jul 29 2019 12:21:46\r\nrst:0x1 (POWERON_RESET),${mode}`);
    if (!download && this.#script.firmwareSays !== undefined) this.#stream.write(this.#script.firmwareSays);
  }

  #take(packet: Buffer): void {
    const command = packet[1];
    if (!this.#downloading || packet.length < 8 || packet[0] !== 0 || command === undefined) return;
    if (this.#script.deafTo?.includes(command)) return;
    const body = packet.subarray(8);
    if (body.length !== packet.readUInt16LE(2)) {
      this.#answer(command, 0, [], INVALID_MESSAGE);
      return;
    }
    this.#obey(command, body, packet.readUInt32LE(4));
  }

  #obey(command: number, body: Buffer, checksum: number): void {
    const word = (index: number): number => body.readUInt32LE(4 * index);
    switch (command) {
      case COMMANDS.sync:
        // The ROM's eight answers hold something, the stub's zero.
        for (let i = 0; i < 8; i++) this.#answer(command, this.stub ? 0 : 0x20120707);
        return;
      case COMMANDS.readRegister:
        this.#answer(command, word(0) === MAGIC_REGISTER ? MAGIC[this.#script.chip] : 0);
        break;
      case COMMANDS.writeRegister:
      case COMMANDS.memBegin:
        this.#answer(command);
        break;
      case COMMANDS.securityInfo:
        this.#securityInfo(command);
        break;
      case COMMANDS.memData:
      case COMMANDS.flashData:
      case COMMANDS.deflData:
        this.#block(command, body, checksum);
        break;
      case COMMANDS.memEnd:
        this.#answer(command);
        this.stub = true;
        this.#stream.write(frame(Buffer.from('OHAI')));
        return;
      case COMMANDS.changeBaud:
        this.#answer(command);
        this.baud = word(0);
        return;
      default:
        this.#flashCommand(command, word);
        break;
    }
  }

  #flashCommand(command: number, word: (index: number) => number): void {
    switch (command) {
      case COMMANDS.flashBegin:
      case COMMANDS.deflBegin: {
        const begun = this.flash.begin(word(3), word(0), command === COMMANDS.deflBegin);
        this.#answer(command, 0, [], begun ? 0 : FAILED);
        break;
      }
      case COMMANDS.flashEnd:
      case COMMANDS.deflEnd:
        this.flash.settle();
        this.#answer(command);
        break;
      case COMMANDS.md5: {
        this.flash.settle();
        this.digests += 1;
        const digest = this.flash.md5(word(0), word(1));
        this.#answer(command, 0, this.stub ? digest : Buffer.from(digest.toString('hex')));
        break;
      }
      default:
        this.#unknown(command);
        break;
    }
  }

  #block(command: number, body: Buffer, checksum: number): void {
    const data = body.subarray(16);
    const sum = data.reduce((state, byte) => state ^ byte, 0xef);
    const flawed = data.length !== body.readUInt32LE(0) || sum !== checksum;
    if (flawed || this.#refuse(command)) {
      this.#answer(command, 0, [], BAD_CHECKSUM);
      return;
    }
    if (command === COMMANDS.memData) this.ramBytes += data.length;
    else this.flash.data(Buffer.from(data));
    this.#answer(command);
  }

  #refuse(command: number): boolean {
    if (command === COMMANDS.memData || this.#refusals === 0) return false;
    this.#refusals -= 1;
    return true;
  }

  #securityInfo(command: number): void {
    const id = CHIP_ID[this.#script.chip];
    if (id === undefined) {
      this.#unknown(command);
      return;
    }
    const info = Buffer.alloc(20);
    info.writeUInt32LE(id, 12);
    this.#answer(command, 0, info);
  }

  /** The ROM answers eight times to what it does not know. */
  #unknown(command: number): void {
    for (let i = 0; i < 8; i++) this.#answer(command === COMMANDS.securityInfo ? 0 : command, 0, [], INVALID_MESSAGE);
  }

  #answer(command: number, value = 0, data: ArrayLike<number> = [], error = 0): void {
    const status = [error === 0 ? 0 : 1, error, ...(this.stub ? [] : [0, 0])];
    const body = Buffer.from([...Array.from(data), ...status]);
    const head = Buffer.from([1, command, body.length & 0xff, body.length >> 8, 0, 0, 0, 0]);
    head.writeUInt32LE(value >>> 0, 4);
    this.#stream.write(frame(Buffer.concat([head, body])));
  }
}
