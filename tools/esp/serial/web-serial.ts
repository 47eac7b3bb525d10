import { LinegateError } from '../../../agent/core/errors.ts';
import type { OpenLine, SerialLine, Signals } from './line.ts';

/**
 * A serial port in the shape that browsers give it (Web Serial), which is what esptool-js takes. Opening it after a close
 * opens the line anew. `setBaudRate` changes the rate in place, so that a board is not reset by a port that opens again.
 */
export class WebSerialPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  /** False once a port said that it has no lines for reset and download mode. */
  hasSignals = true;
  readonly #openLine: OpenLine;
  #line: SerialLine | null = null;
  #signals: Signals = { dtr: false, rts: false };

  constructor(openLine: OpenLine) {
    this.#openLine = openLine;
  }

  async open({ baudRate }: { readonly baudRate: number }): Promise<void> {
    const line = await this.#openLine(baudRate);
    this.#line = line;
    this.readable = readableOf(line);
    this.writable = writableOf(line);
  }

  /** Idempotent. */
  async close(): Promise<void> {
    const line = this.#line;
    this.#line = null;
    this.readable = null;
    this.writable = null;
    await line?.close();
  }

  /** Lines that are not named keep their state: a serial port sets all of them at once. */
  async setSignals(given: { readonly dataTerminalReady?: boolean; readonly requestToSend?: boolean }): Promise<void> {
    const { dataTerminalReady = this.#signals.dtr, requestToSend = this.#signals.rts } = given;
    this.#signals = { dtr: dataTerminalReady, rts: requestToSend };
    if (!(await this.#opened().setSignals(this.#signals))) this.hasSignals = false;
  }

  async setBaudRate(baud: number): Promise<void> {
    await this.#opened().setBaudRate(baud);
  }

  getInfo(): { usbVendorId?: number; usbProductId?: number } {
    const { vendorId, productId } = this.#line?.usb ?? {};
    return {
      ...(vendorId !== undefined && { usbVendorId: vendorId }),
      ...(productId !== undefined && { usbProductId: productId }),
    };
  }

  #opened(): SerialLine {
    if (this.#line !== null) return this.#line;
    throw new LinegateError('illegal-input', 'The serial port is not open.');
  }
}

function readableOf({ stream }: SerialLine): ReadableStream<Uint8Array> {
  let open = true;
  return new ReadableStream({
    start: (controller) => {
      const end = (): void => {
        if (open) controller.close();
        open = false;
      };
      stream.on('data', (bytes: Uint8Array) => {
        if (open) controller.enqueue(new Uint8Array(bytes));
      });
      for (const ended of ['end', 'close', 'error'] as const) stream.on(ended, end);
    },
    cancel: () => {
      open = false;
    },
  });
}

function writableOf({ stream }: SerialLine): WritableStream<Uint8Array> {
  return new WritableStream({
    write: (bytes) =>
      new Promise((resolve, reject) => {
        // A port that is unplugged while it writes never says what came of that.
        const gone = (): void => reject(new Error('the serial port closed while it was written to'));
        stream.once('close', gone);
        stream.write(bytes, (error) => {
          stream.off('close', gone);
          if (error) reject(error);
          else resolve();
        });
      }),
  });
}
