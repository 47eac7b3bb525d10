import { type FlashProgress, flashBoard } from '../../tools/esp/flash/flash.ts';
import { readFlashPlan } from '../../tools/esp/flash/plan.ts';
import { openSerial } from '../../tools/esp/serial/open-serial.ts';
import { watchBoot } from './monitor.ts';

export interface EspFlashOptions {
  readonly build: string;
  readonly port: string;
  readonly baud: number;
  readonly minutes: number;
  /** How long to wait for the start afterwards; 0: not at all. */
  readonly seconds: number;
  readonly json: boolean;
}

/** Flashes a board, then shows its boot self-test. Throws a LinegateError. */
export async function espFlash({ build, port, baud, minutes, seconds, json }: EspFlashOptions): Promise<void> {
  const plan = await readFlashPlan(build);
  const flashed = await flashBoard({
    plan,
    port,
    openLine: (rate) => openSerial(port, rate),
    baud,
    limitMs: minutes * 60_000,
    progress: show,
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stderr.write(
    `${flashed.sizeBytes} bytes are in the flash of the ${flashed.chip} at ${port}, compared by MD5.\n`,
  );
  if (!flashed.reset) process.stderr.write('This port cannot reset the board: press its RESET button now.\n');
  if (seconds === 0) {
    if (json) process.stdout.write(`${JSON.stringify({ flashed }, null, 2)}\n`);
    return;
  }
  await watchBoot({ port, seconds, json, whole: { flashed }, untilStarted: true });
}

let shown = '';

function show(progress: FlashProgress): void {
  const words = wordsOf(progress);
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`);
  else if (words !== shown) process.stderr.write(`${words}\n`);
  shown = words;
}

function wordsOf(progress: FlashProgress): string {
  switch (progress.step) {
    case 'connect':
      return 'Looking for the board ...';
    case 'stub':
      return 'Loading the helper ...';
    case 'reset':
      return 'Starting the firmware ...';
    case 'write':
      // In tenths, so that a log does not fill.
      return `${progress.file}: ${Math.floor((10 * progress.done) / Math.max(1, progress.total)) * 10} %`;
  }
}
