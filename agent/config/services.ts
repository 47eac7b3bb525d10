import path from 'node:path';

/** Where the services of the package look for station files. docs/systemd.md */
const folder = '/etc/linegate';

/**
 * Which of several stations on one computer a station file is for: `left` of /etc/linegate/left.yaml, whose services are
 * linegate@left and so on. `''` for /etc/linegate/station.yaml; null where no service takes the file.
 */
export function instanceOf(stationFile: string): string | null {
  const { dir, name, ext } = path.parse(path.resolve(stationFile));
  if (dir !== folder || ext !== '.yaml') return null;
  return name === 'station' ? '' : name;
}

/** The gatekeeper's service for a station file. */
export function gatekeeperUnit(stationFile: string): string {
  return `linegate-gatekeeper${suffixOf(instanceOf(stationFile) ?? '')}`;
}

/** What a person does so that a changed station file or calibration is taken, from the words "Run" or "run" on. */
export function restartWords(stationFile: string): string {
  const instance = instanceOf(stationFile);
  if (instance === null) {
    return `linegate gatekeeper-conf --station ${stationFile} --out CONF, and start gatekeeper and agent again`;
  }
  const at = suffixOf(instance);
  return `sudo systemctl restart linegate-config${at} linegate${at}`;
}

function suffixOf(instance: string): string {
  return instance === '' ? '' : `@${instance}`;
}
