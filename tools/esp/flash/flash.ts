import { setTimeout as sleep } from 'node:timers/promises';
import { LinegateError } from '../../../agent/core/errors.ts';
import type { OpenLine } from '../serial/line.ts';
import { WebSerialPort } from '../serial/web-serial.ts';
import { connectFault, writeFault } from './faults.ts';
import { type Loader, makeLoader, ROM_BAUD, type Transport } from './loader.ts';
import { type FlashPlan, md5 } from './plan.ts';

/** How flashing is going on; `done` and `total` are bytes of `file` as they are sent, compressed. */
export type FlashProgress =
  | { readonly step: 'connect' | 'stub' | 'reset' }
  | { readonly step: 'write'; readonly file: string; readonly done: number; readonly total: number };

export interface FlashOptions {
  readonly plan: FlashPlan;
  /** The name of the port, for messages. */
  readonly port: string;
  readonly openLine: OpenLine;
  readonly baud: number;
  readonly limitMs: number;
  readonly progress: (progress: FlashProgress) => void;
}

export interface Flashed {
  readonly chip: string;
  readonly sizeBytes: number;
  /** False where the port has no lines to reset the board with: then a person must. */
  readonly reset: boolean;
}

const ATTEMPTS = 3;
const WORDS_KEPT = 200;

/**
 * Writes the images of the plan into the board's flash, compares the digest of each, and resets the board into them.
 * Throws LinegateError 'device' or 'missing-package', which says what to do; the port is closed in any case.
 */
export async function flashBoard(options: FlashOptions): Promise<Flashed> {
  const port = new WebSerialPort(options.openLine);
  const said: string[] = [];
  const { loader, transport } = await makeLoader(port, options.baud, (line) => {
    said.push(line);
    if (said.length > WORDS_KEPT) said.shift();
  });
  const limit = new AbortController();
  try {
    return await Promise.race([flashWith(loader, transport, port, said, options), tooLong(options, limit.signal)]);
  } finally {
    limit.abort();
    await closeQuietly(transport, port);
  }
}

async function flashWith(
  loader: Loader,
  transport: Transport,
  port: WebSerialPort,
  said: readonly string[],
  { plan, port: name, baud, progress }: FlashOptions,
): Promise<Flashed> {
  progress({ step: 'connect' });
  try {
    await loader.connect('default_reset', ATTEMPTS);
  } catch (cause) {
    const heard = Buffer.from(transport.peek()).toString('latin1');
    throw connectFault({ port: name, cause, said, heard, hasSignals: port.hasSignals });
  }
  refuseOtherChip(loader.chip.CHIP_NAME, plan.chip, name);
  try {
    progress({ step: 'stub' });
    await loader.chip.postConnect?.(loader);
    await loader.runStub();
    if (baud !== ROM_BAUD) await loader.changeBaud();
    await write(loader, plan, progress);
  } catch (cause) {
    throw writeFault({ port: name, cause, baud });
  }
  progress({ step: 'reset' });
  await resetIntoFirmware(port);
  const sizeBytes = plan.images.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { chip: loader.chip.CHIP_NAME, sizeBytes, reset: port.hasSignals };
}

async function write(loader: Loader, { images }: FlashPlan, progress: FlashOptions['progress']): Promise<void> {
  await loader.writeFlash({
    fileArray: images.map(({ bytes, address }) => ({ data: new Uint8Array(bytes), address })),
    flashMode: 'keep',
    flashFreq: 'keep',
    flashSize: 'keep',
    eraseAll: false,
    compress: true,
    reportProgress: (index, done, total) => progress({ step: 'write', file: images[index]?.file ?? '', done, total }),
    calculateMD5Hash: md5,
  });
}

function refuseOtherChip(found: string, wanted: string, port: string): void {
  if (found === wanted) return;
  throw new LinegateError(
    'device',
    `The board at ${port} is an ${found} and the firmware was built for ${wanted}: build for the right --board, or give --port another.`,
  );
}

/** RTS holds the chip in reset, DTR would choose download mode. */
async function resetIntoFirmware(port: WebSerialPort): Promise<void> {
  await port.setSignals({ dataTerminalReady: false, requestToSend: true });
  await sleep(100);
  await port.setSignals({ dataTerminalReady: false, requestToSend: false });
}

async function tooLong({ port, limitMs }: FlashOptions, signal: AbortSignal): Promise<never> {
  await sleep(limitMs, undefined, { signal }).catch(() => undefined);
  throw new LinegateError(
    'device',
    `The board at ${port} took longer than ${Math.round(limitMs / 1000)} s: try a lower --baud, another cable, or no hub.`,
  );
}

/** The port is given back even where the loader does not let go of it. */
async function closeQuietly(transport: Transport, port: WebSerialPort): Promise<void> {
  const waited = new AbortController();
  const { signal } = waited;
  await Promise.race([transport.disconnect(), sleep(1000, undefined, { signal })]).catch(() => undefined);
  waited.abort();
  await port.close().catch(() => undefined);
}
