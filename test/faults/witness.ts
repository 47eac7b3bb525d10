import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ledgerFile } from '../../agent/main.ts';
import { ask } from './ask.ts';
import { atLeast, type Check, equals } from './check.ts';
import type { Plant } from './plant.ts';

/**
 * Remembers the parts that were on the belt when a station died, from its line's journal, before the next station reads it.
 * Without a witness a station that forgets them and gives their numbers to others would look whole.
 */
export class Witness {
  readonly #plant: Plant;
  /** `PART NS` of each. */
  readonly #seen = new Set<string>();

  constructor(plant: Plant) {
    this.#plant = plant;
  }

  /** To be called when a station has died. */
  look(): void {
    const journal = path.join(this.#plant.state, 'line.journal');
    if (!existsSync(journal)) return;
    const open = new Map<string, string>();
    // The last line may be torn.
    for (const line of readFileSync(journal, 'utf8').split('\n').slice(0, -1)) {
      const [kind, part = '', atNs = ''] = line.split(' ');
      if (kind === 't') open.set(part, atNs);
      if (kind === 'a') open.delete(part);
    }
    for (const [part, atNs] of open) this.#seen.add(`${part} ${atNs}`);
  }

  /** Whether each of them has a row of its own, with the time of its trigger. */
  audit(atLeastSeen: number): Check[] {
    const lost = ask(path.join(this.#plant.state, ledgerFile), (db) => {
      const find = db
        .prepare<[number, number], number>("SELECT mono_ms - ? FROM rows WHERE kind = 'part' AND part = ?")
        .pluck();
      return [...this.#seen].filter((seen) => {
        const [part, atNs] = seen.split(' ').map(Number);
        const apartMs = find.get((atNs ?? 0) / 1e6, part ?? 0);
        return apartMs === undefined || Math.abs(apartMs) > 0.01;
      });
    });
    return [
      atLeast('parts on the belt of stations that died', this.#seen.size, atLeastSeen),
      equals('of them without a row of their own', lost.length, 0),
    ];
  }
}
