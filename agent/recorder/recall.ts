import { statSync } from 'node:fs';
import path from 'node:path';
import type { Recipe } from '../config/recipe.ts';
import { LinegateError, messageOf } from '../core/errors.ts';
import { chainHash } from '../core/ledger/chain.ts';
import { partsBehind } from '../core/ledger/fold.ts';
import type { LedgerRow } from '../core/ledger/row.ts';
import type { RecipePlaces } from '../recipes/find.ts';
import { fieldsOf, type PartPayload, readPartPayload } from './payload.ts';
import { openRecipeVersion } from './recipe-version.ts';
import type { Records } from './records.ts';
import {
  doubtAbout,
  type GapStory,
  labelScores,
  type PartStory,
  type RelatedRow,
  type SessionFacts,
  type StoredAs,
  type Story,
  wallTime,
  whyGap,
} from './story.ts';

const aroundMs = 5000;
const changes = 10;

/** Where what is not in the ledger lies. */
export interface RecallPlaces {
  /** The folder of the kept pictures. */
  readonly pictures: string;
  readonly recipes: RecipePlaces;
}

/** All that the ledger and the pictures tell of a part. Throws LinegateError 'bad-argument' for one that is not known. */
export function recall(records: Records, part: number, places: RecallPlaces): Story {
  const row = records.partRow(part);
  if (row !== undefined) return partStory(records, part, row, places);
  const gap = records.rowInstead(part);
  if (gap !== undefined) return gapStory(records, part, gap);
  throw unknownPart(records, part);
}

function unknownPart(records: Records, part: number): LinegateError {
  const last = records.lastPart();
  const known = last === 0 ? 'this ledger has no parts yet' : `this ledger knows parts 1 to ${last}`;
  const open = part < last ? '; a part of a running station gets its record when it has left the belt' : '';
  return new LinegateError('bad-argument', `Part ${part} is not known: ${known}${open}.`);
}

function gapStory(records: Records, part: number, row: LedgerRow): GapStory {
  return {
    ...contextOf(records, part, row),
    kind: 'gap',
    reason: row.outcome,
    why: whyGap(row.outcome, fieldsOf(row.payload)),
    written: wallTime(row.wallMs),
    ranges: partsBehind(row),
  };
}

function partStory(records: Records, part: number, row: LedgerRow, places: RecallPlaces): PartStory {
  const payload = readPartPayload(row.payload);
  const { atMs = null, deadlineMs = null } = payload;
  const { recipe, note } = judgedBy(row, payload, places.recipes);
  return {
    ...contextOf(records, part, row),
    kind: 'part',
    outcome: row.outcome,
    trigger: { monoMs: row.monoMs, ...wallTime(row.wallMs) },
    frame: frameOf(row, payload),
    picture: pictureOf(payload, places.pictures),
    scores: labelScores(payload.scores ?? [], recipe),
    judged: {
      label: payload.label ?? null,
      score: row.score,
      reason: payload.reason ?? null,
      detail: payload.detail ?? null,
      atMs,
      late: payload.late ?? null,
    },
    deadlineMs,
    leftMs: deadlineMs === null || atMs === null ? null : rounded(deadlineMs - atMs),
    gate: gateOf(payload),
    closedMs: payload.closedMs ?? null,
    recovered: payload.recovered ?? false,
    tooClose: payload.tooClose ?? null,
    neighbours: neighboursOf(records, part, row),
    recipe: {
      id: row.recipe,
      folder: recipe?.folder ?? null,
      minimumOk: recipe?.manifest.decision.minimumOk ?? null,
      note,
    },
    unknown: unknownIn(payload),
  };
}

function gateOf(payload: PartPayload): PartStory['gate'] {
  const { action = null, cause = null, pulse = null, confirmation = null } = payload;
  return { action, cause, pulse, confirmation };
}

const expected = [
  'action',
  'cause',
  'confirmation',
  'tooClose',
  'frame',
  'picture',
  'atMs',
  'deadlineMs',
  'pulse',
] as const;

function unknownIn(payload: PartPayload): string[] {
  return expected.filter((field) => payload[field] === undefined);
}

function judgedBy(
  row: LedgerRow,
  { scores }: PartPayload,
  places: RecipePlaces,
): { recipe: Recipe | null; note: string | null } {
  if (row.recipe === null) return { recipe: null, note: 'The record names no recipe.' };
  try {
    const recipe = openRecipeVersion(row.recipe, places);
    return { recipe, note: scores === undefined ? null : doubtAbout(recipe, scores, row.outcome) };
  } catch (error) {
    return { recipe: null, note: messageOf(error) };
  }
}

function frameOf({ monoMs }: LedgerRow, { frame }: PartPayload): PartStory['frame'] {
  if (frame === undefined || frame === null) return null;
  const { clock = null, sequence = null, sensorNs } = frame;
  // Older records have the sensor's own time, which compares only when it is of the trigger's clock.
  const derived = sensorNs !== undefined && clock === 'monotonic' ? rounded(monoMs - sensorNs / 1e6) : null;
  return { ageMs: frame.ageMs ?? derived, clock, sequence };
}

function pictureOf({ picture: name }: PartPayload, folder: string): PartStory['picture'] {
  if (name === undefined || name === null) return null;
  const file = path.join(folder, name);
  return { name, file, sizeBytes: statSync(file, { throwIfNoEntry: false })?.size ?? null };
}

function neighboursOf(records: Records, part: number, row: LedgerRow): PartStory['neighbours'] {
  const boot = records.bootId(row.session);
  return records.neighbours(part).map((other) => {
    const { action = null, tooClose = null } = readPartPayload(other.payload);
    const sameClock = other.session === row.session || (boot !== null && records.bootId(other.session) === boot);
    const afterMs = sameClock ? rounded(other.monoMs - row.monoMs) : null;
    return { part: other.part ?? 0, afterMs, outcome: other.outcome, action, tooClose };
  });
}

function contextOf(records: Records, part: number, row: LedgerRow) {
  const around = records.eventsAround(row, aroundMs).filter(({ seq }) => seq !== row.seq);
  const near = new Set(around.map(({ seq }) => seq));
  const before = records.changesBefore(row.seq, changes + near.size).filter(({ seq }) => !near.has(seq));
  return {
    schemaVersion: 1,
    part,
    stored: storedAs(records, row),
    session: sessionOf(records, row.session),
    around: around.map((other) => related(other, row)),
    before: before.slice(-changes).map((other) => earlier(related(other, row))),
  } as const;
}

function related(other: LedgerRow, row: LedgerRow): RelatedRow {
  const { seq, kind, outcome: name, payload } = other;
  const atMs = other.session === row.session ? rounded(other.monoMs - row.monoMs) : null;
  return { seq, kind, name, utc: wallTime(other.wallMs).utc, atMs, payload: fieldsOf(payload) };
}

/** A row that is before the part's and claims a later time got it from another clock than the part did. */
function earlier(other: RelatedRow): RelatedRow {
  return other.atMs !== null && other.atMs > 0 ? { ...other, atMs: null } : other;
}

function storedAs(records: Records, row: LedgerRow): StoredAs {
  const { seq, hash } = row;
  const before = records.hashBefore(row);
  const after = records.rowAt(seq + 1);
  if (before === undefined) {
    const chainSays = `Row ${seq - 1} is not in the file, so that the hash of row ${seq} cannot be checked here.`;
    return { seq, hash, chain: null, chainSays };
  }
  if (chainHash(before, row) !== hash) {
    return { seq, hash, chain: false, chainSays: `Row ${seq} was changed after it was written, or the row before it.` };
  }
  if (after !== undefined && chainHash(hash, after) !== after.hash) {
    return { seq, hash, chain: false, chainSays: `Row ${seq + 1} does not follow on row ${seq}: one was changed.` };
  }
  const chainSays = `It follows on the row before${nextWord(records, seq, after)}.`;
  return { seq, hash, chain: true, chainSays };
}

function nextWord(records: Records, seq: number, after: LedgerRow | undefined): string {
  if (after !== undefined) return ', and the row after on it';
  return seq === records.lastSeq() ? '; it is the last' : '; the row after was given up for space';
}

function sessionOf(records: Records, number: number): SessionFacts {
  const bootId = records.bootId(number);
  const start = records.sessionStart(number);
  if (start?.kind !== 'session') return { number, started: null, previous: null, bootId, software: null };
  const { previous, software } = fieldsOf(start.payload);
  return { number, started: wallTime(start.wallMs), previous: textOr(previous), bootId, software: textOr(software) };
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function rounded(ms: number): number {
  return Math.round(ms * 1e3) / 1e3;
}
