import { genesis } from '../../agent/core/ledger/chain.ts';
import { type Coverage, stretchAt } from './coverage.ts';

/** A database of a station, or a branch of one, as far as its rows are here. */
export interface Epoch {
  readonly id: number;
  readonly station: string;
  readonly name: string;
  /** Whether a hello has said where it comes from; until then its parent is not known. */
  readonly told: boolean;
  readonly parent: { readonly epoch: string; readonly seq: number } | null;
  readonly coverage: Coverage;
}

/** Finds an epoch of a station by its name. */
export type FindEpoch = (station: string, name: string) => Epoch | undefined;

/** More branches of branches than that are a fault of the station. */
const MOST_ANCESTORS = 1000;

/** An epoch and those it descends from, the nearest first, each with the last seq that it lends to the one before. */
export function lineage(epoch: Epoch, find: FindEpoch): readonly { readonly epoch: Epoch; readonly upTo: number }[] {
  const line = [{ epoch, upTo: Number.MAX_SAFE_INTEGER }];
  let next = epoch;
  let upTo = Number.MAX_SAFE_INTEGER;
  while (next.parent !== null && line.length < MOST_ANCESTORS) {
    upTo = Math.min(upTo, next.parent.seq);
    const parent = find(next.station, next.parent.epoch);
    if (parent === undefined || line.some((known) => known.epoch.id === parent.id)) break;
    line.push({ epoch: parent, upTo });
    next = parent;
  }
  return line;
}

/** All rows up to this one are here, with those that the epoch has from its parents; 0 when the first is missing. */
export function contiguous(epoch: Epoch, find: FindEpoch): number {
  return lineage(epoch, find).reduceRight((reached, { epoch: part, upTo }) => {
    const to = stretchAt(part.coverage, reached + 1)?.to ?? reached;
    return Math.min(to, Math.max(upTo, reached));
  }, 0);
}

/** What the first row of an epoch's history hangs on; null while nobody has said that the first epoch has no parent. */
export function origin(epoch: Epoch, find: FindEpoch): string | null {
  const first = lineage(epoch, find).at(-1)?.epoch;
  return first?.told === true && first.parent === null ? genesis(first.name) : null;
}
