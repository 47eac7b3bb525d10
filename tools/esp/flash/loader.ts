import { loadPackage } from '../packages.ts';
import type { WebSerialPort } from '../serial/web-serial.ts';

/** What is used of the package esptool-js. */
export interface Loader {
  readonly chip: { readonly CHIP_NAME: string; readonly postConnect?: (loader: Loader) => Promise<void> };
  readonly IS_STUB: boolean;
  connect(mode: 'default_reset' | 'no_reset', attempts: number): Promise<void>;
  runStub(): Promise<unknown>;
  changeBaud(): Promise<void>;
  writeFlash(options: WriteOptions): Promise<void>;
}
export interface WriteOptions {
  readonly fileArray: readonly { readonly data: Uint8Array; readonly address: number }[];
  readonly flashMode: 'keep';
  readonly flashFreq: 'keep';
  readonly flashSize: 'keep';
  readonly eraseAll: false;
  readonly compress: true;
  readonly reportProgress: (index: number, written: number, total: number) => void;
  readonly calculateMD5Hash: (image: Uint8Array) => string;
}
export interface Transport {
  trace: (message: string) => void;
  peek(): Uint8Array;
  disconnect(): Promise<void>;
}
interface LoaderPackage {
  readonly Transport: new (port: WebSerialPort) => Transport;
  readonly ESPLoader: new (options: {
    transport: Transport;
    baudrate: number;
    romBaudrate: number;
    debugLogging: true;
    terminal: Terminal;
  }) => Loader;
}
interface Terminal {
  clean(): void;
  write(text: string): void;
  writeLine(line: string): void;
}

/** The rate that every ROM loader starts with. */
export const ROM_BAUD = 115_200;

/** A loader over `port` that speaks `baud` once its stub runs; all it says goes to `say`. */
export async function makeLoader(
  port: WebSerialPort,
  baud: number,
  say: (line: string) => void,
): Promise<{ loader: Loader; transport: Transport }> {
  const { ESPLoader, Transport } = await loadPackage<LoaderPackage>('esptool-js');
  const transport = new Transport(port);
  // It would print to standard output, where --json has its document.
  transport.trace = say;
  const terminal: Terminal = { clean: () => {}, write: say, writeLine: say };
  const loader = new ESPLoader({ transport, baudrate: baud, romBaudrate: ROM_BAUD, debugLogging: true, terminal });
  return { loader, transport };
}
