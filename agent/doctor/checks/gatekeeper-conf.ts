import { readCalibration } from '../../config/calibration.ts';
import { confDigest, gatekeeperConf } from '../../config/gatekeeper-conf.ts';
import { restartWords } from '../../config/services.ts';
import { LinegateError } from '../../core/errors.ts';
import { fail, needsStation, notRun, type Outcome, ok, warn } from '../finding.ts';
import type { Host } from '../host.ts';
import type { Check } from '../look.ts';
import type { Wants } from '../wants.ts';
import { gatekeepers, type Process } from './processes.ts';

/** Whether the gatekeeper runs by what the station and its calibration say now. */
export const gatekeeperConfCheck: Check = {
  id: 'gatekeeper-conf',
  group: 'gatekeeper',
  about: 'the configuration of the gatekeeper',
  run: async ({ host, wants }) => {
    if (wants === null) return needsStation('The configuration of the gatekeeper');
    const meant = meantText(wants);
    if (typeof meant !== 'string') return meant;
    const [process] = await gatekeepers(host);
    if (process === undefined) return notRun('No gatekeeper runs, so there is no configuration to compare.');
    return compare(host, process, meant, `Run ${restartWords(wants.file)}, with the belt empty.`);
  },
};

/** gatekeeper.conf as the station has it now, or why there is none. */
function meantText({ config, calibrationFile }: Wants): string | Outcome {
  const { station, line } = config;
  if (line.kind !== 'gatekeeper' || calibrationFile === null)
    return notRun('The station has no gatekeeper: its line is of another kind.');
  try {
    return gatekeeperConf({ station, line, calibration: readCalibration(calibrationFile) });
  } catch (error) {
    if (!(error instanceof LinegateError)) throw error;
    return fail(error.message, 'Correct the station file or the calibration, or run linegate commission.');
  }
}

async function compare(host: Host, { words, folder }: Process, meant: string, advice: string): Promise<Outcome> {
  const file = words[words.indexOf('--conf') + 1];
  const text = file?.startsWith('/') === true ? await host.text(file) : undefined;
  if (file === undefined || text === undefined)
    return notRun(
      `The file ${file ?? ''} that the gatekeeper was started with cannot be read from here.`,
      'Run this as the user of the gatekeeper.',
    );
  const [digest, meantDigest] = [text, meant].map((each) => confDigest(each).toString(16).padStart(16, '0'));
  const figures = { file, digest: digest ?? null, meantDigest: meantDigest ?? null };
  if (digest !== meantDigest)
    return fail(
      `The gatekeeper runs with ${file}, which is not what the station file and the calibration say.`,
      advice,
      figures,
    );
  // The folder of a process is as old as the process.
  const started = await host.facts(folder);
  const written = await host.facts(file);
  if (started !== undefined && written !== undefined && written.changedMs > started.changedMs)
    return warn(
      `The file ${file} was written after the gatekeeper had started, which may have read an older one.`,
      advice,
      figures,
    );
  return ok(`The gatekeeper runs with ${file}, as the station file and the calibration say (${digest}).`, figures);
}
