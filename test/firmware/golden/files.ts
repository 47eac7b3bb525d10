import { decisionLines } from './decisions.ts';
import { ledgerLines } from './ledgers.ts';
import { numberLines } from './numbers.ts';
import { partLines } from './parts.ts';
import { regionLines } from './regions.ts';
import { stringLines } from './strings.ts';
import { trackLines } from './tracks.ts';

/** The golden files of the firmware: what the agent's own code gives, line by line. */
export function goldenFiles(): ReadonlyMap<string, string> {
  const makers = {
    numbers: numberLines,
    strings: stringLines,
    regions: regionLines,
    decisions: decisionLines,
    parts: partLines,
    ledger: ledgerLines,
    tracks: trackLines,
  };
  return new Map(Object.entries(makers).map(([name, lines]) => [`${name}.txt`, `${lines().join('\n')}\n`]));
}
