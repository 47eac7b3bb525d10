import { existsSync } from 'node:fs';
import path from 'node:path';
import { LinegateError } from '../../agent/core/errors.ts';
import { boards } from '../../tools/esp/boards.ts';
import { putModel } from '../../tools/esp/build/bundle.ts';
import { idfBuild } from '../../tools/esp/build/idf.ts';

export interface EspBuildOptions {
  readonly bundle: string;
  readonly board: string;
  readonly project: string | undefined;
  readonly out: string | undefined;
  /** A file with the private key that updates are signed with. */
  readonly signingKey: string | undefined;
  readonly minutes: number;
}

const here = path.join(import.meta.dirname, '../../firmware/esp32-tflm');

/** Puts the model into the firmware, and builds it for the board. Throws a LinegateError. */
export async function espBuild(options: EspBuildOptions): Promise<void> {
  const { bundle, board: name, project = here, out, minutes } = options;
  const signingKey = options.signingKey === undefined ? undefined : path.resolve(options.signingKey);
  const board = boards.find((one) => one.name === name);
  if (board === undefined) throw new LinegateError('bad-argument', `There is no board "${name}".`);
  if (!existsSync(path.join(project, 'main'))) {
    const message = `${project} is no folder of the firmware: give --project the folder firmware/esp32-tflm of a checkout.`;
    throw new LinegateError('bad-argument', message);
  }
  if (signingKey !== undefined && !existsSync(signingKey)) {
    const message = `There is no key ${signingKey}: make one with "idf.py secure-generate-signing-key", and keep it safe.`;
    throw new LinegateError('bad-argument', message);
  }
  await putModel(bundle, path.join(project, 'components/model'));
  process.stderr.write(`The model of ${bundle} is in ${path.join(project, 'components/model')}.\n`);
  const folder = path.resolve(out ?? path.join('build', `esp-${name}`));
  const limitMs = minutes * 60_000;
  const environment = process.env;
  await idfBuild({ project: path.resolve(project), board, out: folder, signingKey, limitMs, environment });
  process.stdout.write(
    `The firmware for ${name} is in ${folder}; "linegate esp flash ${folder} --port PORT" writes it.\n`,
  );
}
