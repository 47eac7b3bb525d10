import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { readSmallFile } from '../agent/config/read.ts';
import { LinegateError, messageOf } from '../agent/core/errors.ts';
import { SystemHost } from '../agent/doctor/probes/system-host.ts';
import { textAt } from '../agent/init/check/findings.ts';
import { systemSurroundings } from '../agent/init/check/system.ts';
import { type Cards, makeCards } from '../agent/init/provision/cards.ts';
import { loginFrom } from '../agent/init/provision/login.ts';
import { type Wifi, wifiFrom } from '../agent/init/provision/network.ts';
import { oneStation, parseList, type Row } from '../agent/init/provision/stations.ts';
import type { Package } from '../agent/init/provision/user-data.ts';
import { refuseUsed, writeCards } from '../agent/init/provision/write.ts';

export interface ProvisionOptions {
  readonly station: string;
  readonly package: string;
  readonly out: string;
  readonly name: string | undefined;
  readonly hostname: string | undefined;
  readonly list: string | undefined;
  readonly user: string;
  readonly userKey: string | undefined;
  readonly wifi: string | undefined;
  readonly wifiPassphraseFile: string | undefined;
  readonly wifiCountry: string | undefined;
}

/** Writes a folder for each card to flash, and the list for the central side. Throws a LinegateError; then nothing is written. */
export async function provision(options: ProvisionOptions): Promise<void> {
  const { out, userKey, user } = options;
  refuseUsed(out);
  const rows = rowsFrom(options);
  const text = (file: string): string => readSmallFile(file, 'file', 'bad-argument');
  const login = userKey === undefined ? null : loginFrom(user, userKey, text(userKey));
  const cards = makeCards({
    rows,
    stations: new Map([...new Set(rows.map(({ file }) => file))].map((file) => [file, text(file)])),
    deb: packageFrom(options.package),
    login,
    wifi: wifiOf(options),
    random: randomBytes,
    around: systemSurroundings,
    wallMs: Date.now(),
  });
  writeCards(cards, options.package, out);
  process.stdout.write(`${rows.map(({ station, hostname }) => `${station}: ${path.join(out, hostname)}\n`).join('')}`);
  process.stdout.write(`${await checkedWords(cards, out)}\n${lastWords(out, login === null)}\n`);
}

function rowsFrom({ station: file, name, hostname, list }: ProvisionOptions): Row[] {
  if (list === undefined) return oneStation(name ?? nameIn(file), hostname, file);
  if (name === undefined && hostname === undefined) {
    return parseList(list, readSmallFile(list, 'list', 'bad-argument'), file);
  }
  const message = 'Names and hostnames are in the list; leave --name and --hostname away where --list is given.';
  throw new LinegateError('bad-argument', message);
}

function nameIn(file: string): string {
  const text = readSmallFile(file, 'station configuration', 'bad-config');
  try {
    return textAt(parse(text), 'station') ?? '';
  } catch (cause) {
    const message = `${file} is no valid YAML (${messageOf(cause).slice(0, 100)}); "linegate config check ${file}" says where.`;
    throw new LinegateError('bad-config', message, { cause });
  }
}

function packageFrom(file: string): Package {
  const name = path.basename(file);
  if (!/^linegate_[A-Za-z0-9.+~-]+_(arm64|amd64)\.deb$/.test(name)) {
    const message = `The file ${name} is not named like a package of linegate, such as linegate_1.0.0_arm64.deb; give --package that file.`;
    throw new LinegateError('bad-argument', message);
  }
  try {
    if (firstBytes(file, 21) === '!<arch>\ndebian-binary') {
      return { name, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
    }
  } catch (cause) {
    throw new LinegateError('bad-argument', `The package ${file} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  throw new LinegateError('bad-argument', `The file ${file} is no Debian package; make it with "npm run package".`);
}

function firstBytes(file: string, count: number): string {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(count);
    return bytes.toString('latin1', 0, readSync(handle, bytes, 0, count, 0));
  } finally {
    closeSync(handle);
  }
}

function wifiOf({ wifi, wifiPassphraseFile, wifiCountry }: ProvisionOptions): Wifi | null {
  if (wifi === undefined && wifiPassphraseFile === undefined && wifiCountry === undefined) return null;
  if (wifi === undefined || wifiPassphraseFile === undefined || wifiCountry === undefined) {
    const message =
      'A Wi-Fi needs all three: --wifi NAME, --wifi-passphrase-file FILE and --wifi-country XX; give them, or none.';
    throw new LinegateError('bad-argument', message);
  }
  const passphrase = readSmallFile(wifiPassphraseFile, 'passphrase', 'bad-argument').replace(/\r?\n$/, '');
  return wifiFrom(wifi, passphrase, wifiCountry);
}

/** What cloud-init itself says of the files, where it is installed. */
async function checkedWords({ files }: Cards, out: string): Promise<string> {
  const first = files.find(({ path: name }) => name.endsWith('/user-data'));
  const ran = await new SystemHost().run('cloud-init', ['schema', '--config-file', path.join(out, first?.path ?? '')]);
  if (ran.kind === 'ran' && ran.code === 0) return 'cloud-init finds user-data in order.';
  if (ran.kind !== 'ran') {
    return 'NOT CHECKED by cloud-init, which is not installed here or did not answer in time: try one card before you flash many.';
  }
  const said = `${ran.stdout} ${ran.stderr}`.replace(/\s+/g, ' ').trim().slice(0, 300);
  const message = `The installed cloud-init does not take user-data (${said}); report this, and throw away ${out}.`;
  throw new LinegateError('device', message);
}

function lastWords(out: string, nobodyLogsIn: boolean): string {
  return [
    ...(nobodyLogsIn ? ['NOBODY can log in over the network: no --user-key was given.'] : []),
    'Copy all that is in a folder onto the boot partition of its card, over the files that are there.',
    `${path.join(out, 'central')} is for the central side: hashes of the tokens, no token. The tokens are in the folders: delete these once the cards are written.`,
    'The calibration is measured at the line: linegate init --delay-ms or a first calibration.yaml, then linegate commission.',
  ].join('\n');
}
