import path from 'node:path';
import { verifyLedger } from '../../../../agent/adapters/ledger/read.ts';
import type { LedgerRow } from '../../../../agent/core/ledger/row.ts';
import { ledgerFile } from '../../../../agent/main.ts';
import { type Check, equals } from '../../../faults/check.ts';
import { rowsIn, whatOf } from '../../../support/ledger-story.ts';
import type { Passage } from './belt.ts';
import { travel } from './plant.ts';
import { changesOf, type Witnessed } from './trace.ts';

/** What became of one trigger: by the kernel's witness, and by the ledger. */
export interface PartStory {
  readonly edgeNs: number;
  readonly part: number;
  /** A verdict, or the reason why there is none; `unrecorded` without exactly one row. */
  readonly what: string;
  readonly action: string;
  /** The verdict was taken by the gatekeeper, and its agent died. */
  readonly recovered: boolean;
  /** The gate was active while the part was at it. */
  readonly ejected: boolean;
  /** Ready was on when the part was at the gate. */
  readonly ready: boolean;
}

export interface Span {
  readonly fromNs: number;
  readonly toNs: number;
}

/** When an output was active; what is still active at the end is so for ever. */
export function spansOf(seen: Witnessed, pin: 'gate' | 'ready', deathsNs: readonly number[] = []): Span[] {
  const offs = [...changesOf(seen, pin, false), ...deathsNs].sort((a, b) => a - b);
  return changesOf(seen, pin, true).map((fromNs) => ({
    fromNs,
    toNs: offs.find((ns) => ns >= fromNs) ?? Number.POSITIVE_INFINITY,
  }));
}

const overlaps = (span: Span, fromNs: number, toNs: number): boolean => span.fromNs < toNs && span.toNs > fromNs;

function payloadOf(row: LedgerRow | undefined): Record<string, unknown> {
  return row === undefined ? {} : (JSON.parse(row.payload) as Record<string, unknown>);
}

/**
 * Each edge that the kernel saw with the record that belongs to it by its time. `deathsNs`: when the gatekeeper was killed,
 * which releases its outputs.
 */
export async function storiesOf(
  state: string,
  seen: Witnessed,
  passages: readonly Passage[],
  deathsNs: readonly number[] = [],
): Promise<PartStory[]> {
  const rows = (await rowsIn(state)).filter(({ kind }) => kind === 'part');
  const pulses = spansOf(seen, 'gate', deathsNs);
  const ready = spansOf(seen, 'ready', deathsNs);
  const edges = seen.edgesNs.filter((ns) => passages.some(({ fromNs, toNs }) => ns >= fromNs && ns <= toNs));
  return edges.map((edgeNs) => {
    const own = rows.filter(({ monoMs }) => Math.abs(monoMs * 1e6 - edgeNs) < 8e6);
    const [row] = own;
    const payload = payloadOf(row);
    const dueNs = edgeNs + travel.delayMs * 1e6;
    return {
      edgeNs,
      part: row?.part ?? 0,
      what: row === undefined || own.length > 1 ? 'unrecorded' : whatOf(row),
      action: String(payload['action']),
      recovered: payload['recovered'] === true,
      ejected: pulses.some((span) => overlaps(span, dueNs, dueNs + travel.widthMs * 1e6)),
      ready: ready.some((span) => overlaps(span, dueNs, dueNs + 1)),
    };
  });
}

/** The rules for every part, whatever was done to the station. */
export function sorted(stories: readonly PartStory[], say: (line: string) => void): Check[] {
  const isPass = ({ what }: PartStory): boolean => what === 'pass';
  const wrong = stories.filter((story) => story.what === 'unrecorded' || story.ejected === isPass(story));
  for (const story of wrong) say(`wrong: ${JSON.stringify(story)}`);
  const count = (is: (story: PartStory) => boolean): number => stories.filter(is).length;
  return [
    equals(
      'triggers without a record of their own',
      count(({ what }) => what === 'unrecorded'),
      0,
    ),
    equals(
      'passes that did not stay in',
      count((story) => isPass(story) && story.ejected),
      0,
    ),
    equals(
      'parts without a pass that stayed in, ready on',
      count((story) => !isPass(story) && !story.ejected && story.ready),
      0,
    ),
    equals(
      'parts without a pass that stayed in, ready off',
      count((story) => !isPass(story) && !story.ejected && !story.ready),
      0,
    ),
  ];
}

/** Pulses of the gate at which there was no part that was to be ejected. */
export function strayPulses(seen: Witnessed, stories: readonly PartStory[]): Check {
  const stray = spansOf(seen, 'gate').filter(({ fromNs }) => {
    const is = ({ edgeNs, ejected }: PartStory): boolean =>
      ejected && Math.abs(fromNs - edgeNs - travel.delayMs * 1e6) <= travel.widthMs * 1e6;
    return !stories.some(is);
  });
  return equals('pulses that are no part’s', stray.length, 0);
}

/** The ledger's own audit. */
export async function wholeLedger(state: string): Promise<Check[]> {
  const { ok, open, gaps, findings } = await verifyLedger(path.join(state, ledgerFile));
  return [
    equals('ledger', ok && open === 0 && gaps === 0 ? 'whole' : JSON.stringify({ open, gaps, findings }), 'whole'),
  ];
}
