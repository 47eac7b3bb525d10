import type { Surroundings } from '../check/surroundings.ts';
import { networkConfig, type Wifi } from './network.ts';
import { cardStation } from './station-file.ts';
import type { Row } from './stations.ts';
import { makeToken, type Random } from './token.ts';
import { type Login, metaData, type Package, userData } from './user-data.ts';

/** A file to write; `secret`: for its owner's eyes alone. */
export interface CardFile {
  readonly path: string;
  readonly text: string;
  readonly secret: boolean;
}

export interface CardsWanted {
  readonly rows: readonly Row[];
  /** Texts of the station files, by their names. */
  readonly stations: ReadonlyMap<string, string>;
  readonly deb: Package;
  readonly login: Login | null;
  readonly wifi: Wifi | null;
  readonly random: Random;
  readonly around: Surroundings;
  /** When, ms since 1970. */
  readonly wallMs: number;
}

/** All cards: a folder each, into which the package still has to go, and the list for the central side. */
export interface Cards {
  readonly files: readonly CardFile[];
  /** Folders that the package belongs in. */
  readonly folders: readonly string[];
}

/** Makes the cards of all stations, or none. Throws LinegateError 'bad-config' for a station file that cannot go on a card. */
export function makeCards(wanted: CardsWanted): Cards {
  const made = wanted.rows.map((row) => oneCard(row, wanted));
  const when = new Date(wanted.wallMs).toISOString();
  const list = made.map(({ row, token }) => `${row.station},${row.hostname},${token.sha256},${when}`);
  const central = [
    { path: 'central/tokens.csv', text: `${['station,hostname,tokenSha256,made', ...list].join('\n')}\n` },
    { path: 'central/mosquitto-passwords', text: `${made.map(({ token }) => token.mosquitto).join('\n')}\n` },
  ];
  return {
    files: [...made.flatMap(({ files }) => files), ...central.map((file) => ({ ...file, secret: true }))],
    folders: made.map(({ row }) => `${row.hostname}/linegate`),
  };
}

function oneCard(
  row: Row,
  { stations, deb, login, wifi, random, around }: CardsWanted,
): { readonly row: Row; readonly token: ReturnType<typeof makeToken>; readonly files: readonly CardFile[] } {
  const { text, ca, key } = cardStation(row, stations.get(row.file) ?? '', around);
  const token = makeToken(row.station, random);
  const at = (name: string, content: string, secret = false): CardFile => {
    return { path: `${row.hostname}/${name}`, text: content, secret };
  };
  const files = [
    at('user-data', userData(row, deb, login, key)),
    at('meta-data', metaData(row, random(6).toString('hex'))),
    // The key of a Wi-Fi opens it as the passphrase does.
    at('network-config', networkConfig(wifi), wifi !== null),
    at('linegate/station.yaml', text),
    at('linegate/token', `${token.secret}\n`, true),
    ...(ca === null ? [] : [at('linegate/mqtt-ca.pem', ca)]),
  ];
  return { row, token, files };
}
