import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCalibration } from '../agent/config/calibration.ts';
import { gatekeeperConf } from '../agent/config/gatekeeper-conf.ts';
import { readDocument } from '../agent/config/read.ts';
import { stationSchema } from '../agent/config/station.ts';
import { LinegateError, messageOf } from '../agent/core/errors.ts';

/** Writes gatekeeper.conf to `out`, whole or not at all, or to standard output. Throws a LinegateError 'bad-config' or 'device'. */
export function writeGatekeeperConf({ station: file, out }: { station: string; out: string | undefined }): void {
  const { station, line } = readDocument(file, 'station configuration', stationSchema, 'bad-config');
  if (line.kind !== 'gatekeeper') {
    const message = `${file} has line.kind "${line.kind}", which has no gatekeeper; give line.kind "gatekeeper" first.`;
    throw new LinegateError('bad-config', message);
  }
  const calibration = readCalibration(path.resolve(path.dirname(file), line.calibration));
  const text = gatekeeperConf({ station, line, calibration });
  if (out === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    // The gatekeeper may be starting: it reads the old text or the new one.
    const whole = `${out}.new`;
    writeFileSync(whole, text);
    renameSync(whole, out);
  } catch (cause) {
    const message = `${out} cannot be written: ${messageOf(cause)}; name a file in a folder that you may write.`;
    throw new LinegateError('device', message, { cause });
  }
}
