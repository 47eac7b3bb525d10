import type { GateRecord } from '../adapters/line/gatekeeper/records.ts';

export type EncoderRecord = Extract<GateRecord, { kind: 'encoder' }>;

/** What the encoder did since somebody began to look. */
export interface EncoderState {
  /** Null until its position is known. */
  readonly from: Position | null;
  readonly last: Position | null;
  readonly nsPerCount: number | null;
  readonly highestPerSecond: number;
}

interface Position {
  readonly counts: number;
  /** Lost or illegal pulses so far. */
  readonly losses: number;
}

export const unknownEncoder: EncoderState = { from: null, last: null, nsPerCount: null, highestPerSecond: 0 };

/** Where the belt stands when the gatekeeper has not told of it moving yet. */
export function startAt(state: EncoderState, counts: number): EncoderState {
  if (state.from !== null) return state;
  return { ...state, from: { counts, losses: 0 }, last: { counts, losses: 0 } };
}

export function seeEncoder(state: EncoderState, { counts, losses, nsPerCount }: EncoderRecord): EncoderState {
  const perSecond = nsPerCount === null ? 0 : 1e9 / nsPerCount;
  // Losses from before anybody looked are told with the first movement.
  const first = state.from ?? { counts, losses };
  const highestPerSecond = Math.max(state.highestPerSecond, perSecond);
  return { from: first, last: { counts, losses }, nsPerCount, highestPerSecond };
}

/** The same encoder, looked at anew from where it is. */
export function again({ last, nsPerCount }: EncoderState): EncoderState {
  return { from: last, last, nsPerCount, highestPerSecond: 0 };
}

/** What an encoder was found to be. */
export interface EncoderFigures {
  readonly counts: number;
  readonly mm: number | null;
  readonly countsPerMm: number | null;
  readonly highestPerSecond: number;
  readonly losses: number;
  /** It counted back while the belt ran forward: the channels are the other way round. */
  readonly reversed: boolean;
}

/** Undefined when it did not count. */
export function encoderOf(
  { from, last, highestPerSecond }: EncoderState,
  mm: number | null,
): EncoderFigures | undefined {
  if (from === null || last === null || last.counts === from.counts) return undefined;
  const counts = last.counts - from.counts;
  const countsPerMm = mm === null ? null : Math.abs(counts) / mm;
  return { counts, mm, countsPerMm, highestPerSecond, losses: last.losses - from.losses, reversed: counts < 0 };
}
