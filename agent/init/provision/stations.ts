import path from 'node:path';
import { LinegateError } from '../../core/errors.ts';

/** A station that a card is made for. */
export interface Row {
  readonly station: string;
  readonly hostname: string;
  /** Its station file. */
  readonly file: string;
}

const mostRows = 10_000;
const columns = ['station', 'hostname', 'file'] as const;

/**
 * Reads a list of stations: a line of column names (station, and hostname and file if wanted), then a line a station. `file`:
 * the station file where none is given; paths are relative to the list. Throws LinegateError 'bad-argument' with all that is wrong.
 */
export function parseList(name: string, text: string, file: string): Row[] {
  const [head = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const titles = head.split(',').map((each) => each.trim());
  const strange = titles.filter((each) => !(columns as readonly string[]).includes(each));
  if (!titles.includes('station') || strange.length > 0 || new Set(titles).size < titles.length) {
    const message = `The list ${name} begins with "${head.slice(0, 80)}"; its first line must name the columns: station, and hostname and file if wanted.`;
    throw new LinegateError('bad-argument', message);
  }
  const faults: string[] = [];
  const rows = lines.flatMap((line, at) => {
    if (line.trim() === '') return [];
    const cells = line.split(',').map((each) => each.trim());
    if (cells.length !== titles.length || line.includes('"')) {
      faults.push(`line ${at + 2} has not ${titles.length} plain columns`);
      return [];
    }
    const cell = (title: string): string => cells[titles.indexOf(title)] ?? '';
    const own = cell('file');
    const station = cell('station');
    const at2 = own === '' ? file : path.resolve(path.dirname(name), own);
    return [{ station, hostname: cell('hostname') || hostnameFor(station), file: at2 }];
  });
  if (rows.length === 0 && faults.length === 0) faults.push('it names no station');
  if (rows.length > mostRows) faults.push(`it has ${rows.length} stations where at most ${mostRows} are made at once`);
  faults.push(...faultsOf(rows));
  if (faults.length === 0) return rows;
  const more = faults.length > 8 ? `; and ${faults.length - 8} more` : '';
  throw new LinegateError('bad-argument', `The list ${name} cannot be used: ${faults.slice(0, 8).join('; ')}${more}.`);
}

/** One station without a list. Throws LinegateError 'bad-argument'. */
export function oneStation(station: string, hostname: string | undefined, file: string): Row[] {
  const rows = [{ station, hostname: hostname ?? hostnameFor(station), file }];
  const [fault] = faultsOf(rows);
  if (fault === undefined) return rows;
  throw new LinegateError('bad-argument', `No card can be made, for ${fault}; give another --name or --hostname.`);
}

/** `Line_3` becomes `line-3`. */
function hostnameFor(station: string): string {
  return station.toLowerCase().replaceAll('_', '-').replace(/-+$/, '');
}

function faultsOf(rows: readonly Row[]): string[] {
  const seen = new Set<string>();
  return rows.flatMap(({ station, hostname }) => {
    const faults: string[] = [];
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(station)) {
      faults.push(`the station "${station}" is not letters, digits, dashes and underscores`);
    } else if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(hostname)) {
      faults.push(`the hostname "${hostname}" of ${station} is not small letters, digits and dashes`);
    }
    // Brokers and file systems may not tell Line-3 from line-3.
    for (const name of [`station ${station.toLowerCase()}`, `hostname ${hostname}`]) {
      if (seen.has(name)) faults.push(`the ${name} is there twice`);
      seen.add(name);
    }
    return faults;
  });
}
