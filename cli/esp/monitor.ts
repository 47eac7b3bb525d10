import { LinegateError } from '../../agent/core/errors.ts';
import { type BootReport, isComplete, reportText } from '../../tools/esp/monitor/boot-report.ts';
import { monitor } from '../../tools/esp/monitor/monitor.ts';
import { openSerial } from '../../tools/esp/serial/open-serial.ts';
import { onceStopped } from '../signals.ts';

export interface EspMonitorOptions {
  readonly port: string;
  readonly seconds: number;
  readonly baud: number;
  readonly reset: boolean;
  readonly json: boolean;
}

/** Shows the console of a board for a while, then what it said of its start. Throws a LinegateError. */
export async function espMonitor({ port, seconds, baud, reset, json }: EspMonitorOptions): Promise<void> {
  await watchBoot({ port, seconds, baud, json, reset, untilStarted: false, whole: {} });
}

interface Watch {
  readonly port: string;
  readonly seconds: number;
  readonly json: boolean;
  readonly untilStarted: boolean;
  /** What else belongs into the JSON document. */
  readonly whole: object;
  readonly baud?: number;
  readonly reset?: boolean;
}

/** The console goes to standard error, the report to standard output. A self-test that failed is an error. */
export async function watchBoot({
  port,
  seconds,
  json,
  untilStarted,
  whole,
  baud = 115_200,
  reset,
}: Watch): Promise<void> {
  const line = await openSerial(port, baud);
  const stopped = onceStopped();
  const stop = new AbortController();
  void stopped.signal.then(() => stop.abort());
  try {
    // RTS holds the chip in reset; DTR with it would choose download mode.
    if (reset && !(await line.setSignals({ dtr: false, rts: true }))) {
      process.stderr.write('This port cannot reset the board: press its RESET button now.\n');
    }
    await line.setSignals({ dtr: false, rts: false });
    const show = (text: string): void => void process.stderr.write(`${text}\n`);
    const report = await monitor({ line, durationMs: seconds * 1000, untilStarted, stop: stop.signal, show });
    process.stdout.write(
      json ? `${JSON.stringify({ ...whole, report }, null, 2)}\n` : `${reportText(report).join('\n')}\n`,
    );
    refuseFailed(report, port);
    if (line.stream.destroyed && !(untilStarted && isComplete(report))) {
      throw new LinegateError(
        'device',
        `The port ${port} went away: look at the cable and the board's power, and start again.`,
      );
    }
  } finally {
    stopped.forget();
    await line.close();
  }
}

function refuseFailed({ selfTest, crashes }: BootReport, port: string): void {
  if (selfTest?.ok === false) {
    throw new LinegateError(
      'device',
      `The self-test of the board at ${port} failed, so READY stays low: build for the right board and flash again.`,
    );
  }
  if (selfTest === undefined && crashes.length > 0) {
    throw new LinegateError(
      'device',
      `The board at ${port} does not come up (${crashes.at(-1)}): look at its power supply first.`,
    );
  }
}
