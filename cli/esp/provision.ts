import path from 'node:path';
import { readSmallFile } from '../../agent/config/read.ts';
import { provision } from '../../tools/esp/provision/provision.ts';
import { settingsFrom } from '../../tools/esp/provision/settings.ts';
import { openSerial } from '../../tools/esp/serial/open-serial.ts';

export interface EspProvisionOptions {
  readonly settings: string;
  readonly port: string;
  readonly baud: number;
}

const ANSWER_MS = 3000;

/** Tells the board at `port` the settings of a file; no value of them is printed. Throws a LinegateError. */
export async function espProvision({ settings: file, port, baud }: EspProvisionOptions): Promise<void> {
  const read = (name: string): string => readSmallFile(name, 'file', 'bad-argument');
  const settings = settingsFrom({
    file,
    text: read(file),
    environment: process.env,
    readBeside: (name) => read(path.resolve(path.dirname(file), name)),
  });
  const line = await openSerial(port, baud);
  try {
    await line.setSignals({ dtr: false, rts: false });
    const { firmware, missing, told } = await provision({ line, port, settings, answerMs: ANSWER_MS });
    process.stdout.write(`The station at ${port} (firmware ${firmware}) keeps ${told} settings and starts anew.\n`);
    if (missing.length > 0) process.stdout.write(`It still misses ${missing.join(', ')}.\n`);
  } finally {
    await line.close();
  }
}
