import { requestUpdate } from '../../tools/esp/provision/request-update.ts';
import { openSerial } from '../../tools/esp/serial/open-serial.ts';
import { watchBoot } from './monitor.ts';

export interface EspUpdateOptions {
  readonly port: string;
  readonly baud: number;
  readonly seconds: number;
  readonly json: boolean;
}

const ANSWER_MS = 3000;

/** Has the board at `port` update itself, and shows its next start. Throws a LinegateError. */
export async function espUpdate({ port, baud, seconds, json }: EspUpdateOptions): Promise<void> {
  const line = await openSerial(port, baud);
  try {
    await line.setSignals({ dtr: false, rts: false });
    await requestUpdate(line, port, ANSWER_MS);
  } finally {
    await line.close();
  }
  process.stderr.write('The board fetches its new firmware; its line stands still meanwhile.\n');
  await watchBoot({ port, seconds, json, baud, untilStarted: true, whole: {} });
}
