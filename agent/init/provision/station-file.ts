import path from 'node:path';
import { type Document, isMap, parseDocument } from 'yaml';
import { LinegateError } from '../../core/errors.ts';
import { isName } from '../../recipes/find.ts';
import { textAt } from '../check/findings.ts';
import { checkStation } from '../check/station.ts';
import type { Surroundings } from '../check/surroundings.ts';
import type { Row } from './stations.ts';

/** Where the station's service finds what the first boot put away for it. */
const credentials = '/run/credentials/linegate.service';

/** The station file of one card, and what else the card needs for it. */
export interface CardStation {
  readonly text: string;
  /** The authority of the broker's certificate, which is no secret; null where none is named. */
  readonly ca: string | null;
  /** Whether the device makes a key and a certificate request at its first boot. */
  readonly key: boolean;
}

const shownFaults = 5;

/**
 * Makes the station file of one card of what is in `text`: its own name, and with an MQTT uplink its name and token as user and
 * password. Comments stay. Throws LinegateError 'bad-config' when the station could not run or names secrets that no card carries.
 */
export function cardStation({ station, file }: Row, text: string, around: Surroundings): CardStation {
  const document = parseDocument(text, { logLevel: 'error' });
  if (document.errors.length > 0 || !isMap(document.contents)) throw faultsOf(file, text, around);
  rename(document, station);
  const plain: unknown = document.toJS({ maxAliasCount: 50 });
  refuseWhatIsNotCarried(plain, file);
  const ca = caOf(plain, file, around);
  const key = textAt(plain, 'uplink', 'keyFile') !== undefined;
  if (textAt(plain, 'uplink', 'kind') === 'mqtt') {
    document.setIn(['uplink', 'username'], station);
    document.setIn(['uplink', 'passwordFile'], `${credentials}/mqtt-password`);
    if (ca !== null) document.setIn(['uplink', 'caFile'], `${credentials}/mqtt-ca.pem`);
  }
  const made = document.toString({ lineWidth: 0 });
  const faults = checkStation(file, made, around).filter(({ level }) => level === 'fault');
  if (faults.length > 0) throw faultsOf(file, made, around);
  return { text: made, ca, key };
}

/** Where the state folder and the head of the file have the old name, they get the new one. */
function rename(document: Document, station: string): void {
  const old = document.get('station');
  const folder = document.get('stateFolder');
  document.set('station', station);
  if (typeof old !== 'string' || typeof folder !== 'string' || path.posix.basename(folder) !== old) return;
  const moved = path.posix.join(path.posix.dirname(folder), station);
  document.set('stateFolder', moved);
  const calibration = document.getIn(['line', 'calibration']);
  if (calibration === `${folder}/calibration.yaml`) {
    document.setIn(['line', 'calibration'], `${moved}/calibration.yaml`);
  }
  document.commentBefore = document.commentBefore?.replace(`The station ${old} `, `The station ${station} `) ?? null;
}

function faultsOf(file: string, text: string, around: Surroundings): LinegateError {
  const faults = checkStation(file, text, around).filter(({ level }) => level === 'fault');
  const said = faults
    .slice(0, shownFaults)
    .map(({ line, column, sentence }) => `${line}:${column} ${sentence.replace(/\.$/, '')}`);
  const more = faults.length > shownFaults ? `; and ${faults.length - shownFaults} more` : '';
  return new LinegateError('bad-config', `${file} cannot go on a card: ${said.join('; ')}${more}.`);
}

/** A card carries no secret, no model and no calibration. */
function refuseWhatIsNotCarried(plain: unknown, file: string): void {
  const fields = { passwordFile: 'mqtt-password', certFile: 'mqtt-cert.pem', keyFile: 'mqtt-key.pem' } as const;
  for (const [field, name] of Object.entries(fields)) {
    const given = textAt(plain, 'uplink', field);
    const place = `${credentials}/${name}`;
    if (given === undefined || given === place) continue;
    const message = `${file} names uplink.${field} ${given}, which no card carries; give ${place}, where the device keeps its own.`;
    throw new LinegateError('bad-config', message);
  }
  const recipe = textAt(plain, 'recipe');
  if (recipe === undefined || isName(recipe)) return;
  const message = `${file} names the recipe folder ${recipe}, which no card carries; name a recipe that comes with linegate, and install yours on the device.`;
  throw new LinegateError('bad-config', message);
}

function caOf(plain: unknown, file: string, around: Surroundings): string | null {
  const name = textAt(plain, 'uplink', 'caFile');
  if (name === undefined || name.startsWith(`${credentials}/`)) return null;
  const found = around.read(path.resolve(path.dirname(path.resolve(file)), name));
  if (found.kind === 'text' && /-----BEGIN CERTIFICATE-----/.test(found.text) && !/PRIVATE KEY/.test(found.text)) {
    return found.text;
  }
  const message = `${file} names uplink.caFile ${name}, which is not there or no certificate in PEM; name the authority that signed the certificate of the broker.`;
  throw new LinegateError('bad-config', message);
}
