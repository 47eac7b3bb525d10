import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readDocument } from '../config/read.ts';
import { stationSchema } from '../config/station.ts';
import type { Choices } from './choices.ts';
import { refusal } from './refusal.ts';

/**
 * Two stations on one computer cannot have a line in common. Throws LinegateError 'bad-argument' for a line that another station
 * file beside `out` names; files that are no station's are passed over.
 */
export function refuseTaken({ board, lines }: Choices, out: string): void {
  if (board === null) return;
  for (const file of stationFilesBeside(path.resolve(out))) {
    const taken = linesOf(file);
    const clash = Object.entries(lines).find(([, line]) => taken.has(`${board.chip} ${line}`));
    if (clash === undefined) continue;
    const [role, line] = clash;
    throw refusal(
      `The line ${line}, which is for ${role}, is one of the station of ${file}; name another line for ${role}.`,
    );
  }
}

function stationFilesBeside(own: string): string[] {
  const folder = path.dirname(own);
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
    return files.map((file) => path.join(folder, file)).filter((file) => file !== own);
  } catch {
    // It is made with the file.
    return [];
  }
}

/** Chip and name of each line that a station file names; none of a file that cannot be used. */
function linesOf(file: string): ReadonlySet<string> {
  try {
    const { line } = readDocument(file, 'station configuration', stationSchema, 'bad-config');
    if (line.kind !== 'gatekeeper') return new Set();
    const all = [...Object.values(line.inputs), ...Object.values(line.outputs)];
    return new Set(all.flatMap((each) => (each === undefined ? [] : [`${each.chip} ${each.line}`])));
  } catch {
    return new Set();
  }
}
