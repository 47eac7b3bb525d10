import { existsSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import { loadPackage } from '../packages.ts';
import type { SerialLine } from './line.ts';

/** What is used of the package serialport. */
interface Port extends Duplex {
  readonly isOpen: boolean;
  open(done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
  set(flags: { dtr: boolean; rts: boolean }, done: (error: Error | null) => void): void;
  update(options: { baudRate: number }, done: (error: Error | null) => void): void;
}
interface Listed {
  readonly path: string;
  readonly vendorId?: string;
  readonly productId?: string;
}
interface SerialPackage {
  readonly SerialPort: {
    new (options: { path: string; baudRate: number; autoOpen: false; hupcl: false }): Port;
    list(): Promise<readonly Listed[]>;
  };
}

const WATCH_MS = 500;
const NO_SUCH_LINES = /inappropriate ioctl|not supported|invalid argument/i;

/** Opens the serial port `path`. Throws LinegateError 'missing-package' or 'device', which says what to do. */
export async function openSerial(path: string, baudRate: number): Promise<SerialLine> {
  const { SerialPort } = await loadPackage<SerialPackage>('serialport');
  // Without hupcl a port that closes does not reset the board.
  const port = new SerialPort({ path, baudRate, autoOpen: false, hupcl: false });
  try {
    await promisify(port.open.bind(port))();
  } catch (cause) {
    throw portFault(path, messageOf(cause), await portsHere(SerialPort), cause);
  }
  // What goes wrong later ends the stream; who reads or writes then says it. The package itself would wait for an unplugged port to be
  // opened again, for ever.
  for (const ended of ['error', 'close'] as const) port.on(ended, () => port.destroy());
  endWithFile(port, path);
  return lineOf(port, await usbOf(SerialPort, path));
}

/** Ends the stream once the port's file is gone: what is read of an unplugged port may be nothing, which the package takes for quiet. */
function endWithFile(port: Port, path: string): void {
  // A port of Windows is no file.
  if (!existsSync(path)) return;
  const watch = setInterval(() => {
    if (!existsSync(path)) port.destroy();
  }, WATCH_MS);
  port.once('close', () => clearInterval(watch));
}

function lineOf(port: Port, usb: SerialLine['usb']): SerialLine {
  return {
    stream: port,
    usb,
    setBaudRate: (baud) => promisify(port.update.bind(port))({ baudRate: baud }),
    setSignals: async (signals) => {
      try {
        await promisify(port.set.bind(port))({ ...signals });
        return true;
      } catch (error) {
        if (NO_SUCH_LINES.test(messageOf(error))) return false;
        throw error;
      }
    },
    close: async () => {
      if (port.isOpen) await promisify(port.close.bind(port))();
    },
  };
}

/** The error of a port that does not open, in words for the person at the bench. */
export function portFault(path: string, said: string, ports: readonly string[], cause: unknown): LinegateError {
  const fault = (words: string): LinegateError => new LinegateError('device', words, { cause });
  if (/permission denied|EACCES/i.test(said)) {
    return fault(
      `You may not open the serial port ${path}: run "sudo usermod -aG dialout $USER", log out and in again, and try once more.`,
    );
  }
  if (/cannot lock|resource (busy|temporarily)|EBUSY|access denied/i.test(said)) {
    return fault(`The serial port ${path} is in use: close the program that has it open, such as another monitor.`);
  }
  const here = ports.length === 0 ? 'no serial port is here' : `here are ${ports.join(', ')}`;
  if (/no such file|ENOENT|not found/i.test(said)) {
    return fault(
      `There is no serial port ${path} (${here}): plug the board in with a data cable, or give --port another.`,
    );
  }
  return fault(`${path} does not open as a serial port (${said}; ${here}): give --port another.`);
}

async function portsHere({ list }: SerialPackage['SerialPort']): Promise<string[]> {
  const ports = await list().catch(() => []);
  // A PC's own ports are listed without numbers, whether or not anything is there.
  return ports.filter(({ vendorId }) => vendorId !== undefined).map(({ path }) => path);
}

async function usbOf({ list }: SerialPackage['SerialPort'], path: string): Promise<SerialLine['usb']> {
  const found = (await list().catch(() => [])).find((port) => port.path === path);
  if (found?.vendorId === undefined || found.productId === undefined) return {};
  return { vendorId: Number.parseInt(found.vendorId, 16), productId: Number.parseInt(found.productId, 16) };
}
