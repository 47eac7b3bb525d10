import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../../agent/native/gatekeeper/testing/client.ts';
import { type Check, equals } from '../../../faults/check.ts';
import { type Change, drive, levelOf, pins, takeTrace } from '../../../lab/gatekeeper/pins.ts';
import { rowsIn, whatOf } from '../../../support/ledger-story.ts';
import { state, travel } from './install.ts';
import { nowNs } from './service.ts';

/** Parts are so far apart that each has the gate to itself, also on a busy computer. */
const apartMs = 500;
const edgeMs = 20;

/** Parts that come by the photo-eye, and what the gate did. */
export class Belt {
  /** When each part came, ns. */
  readonly passages: number[] = [];
  readonly #changes: Change[] = [];

  async send(parts: number): Promise<void> {
    for (let part = 0; part < parts; part += 1) {
      this.passages.push(nowNs());
      drive('trigger', true);
      await sleep(edgeMs);
      drive('trigger', false);
      await sleep(apartMs - edgeMs);
    }
  }

  /** Until all that was sent is past the gate. */
  async clear(): Promise<void> {
    await sleep(travel.delayMs + travel.widthMs + 500);
    this.#changes.push(...takeTrace());
  }

  /** The outputs' changes in a span, which the kernel's tracer saw. */
  changes(pin: 'gate' | 'ready', fromNs: number, toNs = Number.POSITIVE_INFINITY): readonly Change[] {
    this.#changes.push(...takeTrace());
    return this.#changes.filter((each) => each.pin === pins[pin] && each.atNs >= fromNs && each.atNs <= toNs);
  }

  /** Each part against the ledger, by their order: gatekeeper and agent number them so. `part`: of the first that came. */
  async judge(): Promise<{ readonly checks: readonly Check[]; readonly whats: Readonly<Record<string, number>> }> {
    const rows = (await rowsIn(state))
      .filter(({ kind }) => kind === 'part')
      .toSorted((a, b) => (a.part ?? 0) - (b.part ?? 0));
    const whats: Record<string, number> = {};
    let wrong = 0;
    for (const [index, atNs] of this.passages.entries()) {
      const row = rows[index];
      const what = row === undefined ? 'unrecorded' : whatOf(row);
      whats[what] = (whats[what] ?? 0) + 1;
      const dueNs = atNs + travel.delayMs * 1e6;
      const pulses = this.changes('gate', dueNs - 100e6, dueNs + (apartMs - 150) * 1e6).filter(({ active }) => active);
      if ((what === 'pass') !== (pulses.length === 0)) wrong += 1;
    }
    return {
      checks: [
        equals('parts with a record of their own', rows.length, this.passages.length),
        equals('parts that the gate did not sort as their record says', wrong, 0),
      ],
      whats,
    };
  }
}

/** Waits for ready; throws when it does not come. */
export async function readyIs(on: boolean, limitMs = 90_000): Promise<void> {
  if (await until(() => levelOf('ready') === on, limitMs)) return;
  throw new Error(`ready was not ${on ? 'on' : 'off'} after ${limitMs / 1000} s`);
}
