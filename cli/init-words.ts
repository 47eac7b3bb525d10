import { restartWords } from '../agent/config/services.ts';
import type { Saved } from '../agent/init/save.ts';

/** What was written, for a person. */
export function savedWords({ file, kept }: Saved): string {
  return `Written: ${file}${kept === null ? '' : ` (the old one is ${kept})`}`;
}

/** What comes after a station file and its first calibration. */
export function startWords(station: string): string[] {
  return [
    `Next: linegate config check ${station}, linegate doctor --station ${station},`,
    `${restartWords(station)},`,
    `and at the line: linegate commission --station ${station}`,
  ];
}
