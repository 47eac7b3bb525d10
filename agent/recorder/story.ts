import type { Recipe } from '../config/recipe.ts';
import { decide } from '../core/decide.ts';

/** A moment, by the clock on the wall. */
export interface WallTime {
  readonly wallMs: number;
  readonly utc: string;
  /** With the offset of this computer's time zone. */
  readonly local: string;
}

/** A row of the ledger that bears on the part. */
export interface RelatedRow {
  readonly seq: number;
  readonly kind: string;
  readonly name: string;
  readonly utc: string;
  /** After the part's trigger, by the monotonic clock; null when that started anew in between. */
  readonly atMs: number | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Where the story is written, and whether that was changed since. */
export interface StoredAs {
  readonly seq: number;
  readonly hash: string;
  /** Whether the hashes of the row and of the one after it fit; null when a neighbour is not in the file. */
  readonly chain: boolean | null;
  readonly chainSays: string;
}

export interface SessionFacts {
  readonly number: number;
  readonly started: WallTime | null;
  /** How the session before had ended. */
  readonly previous: string | null;
  readonly bootId: string | null;
  readonly software: string | null;
}

interface Context {
  readonly schemaVersion: 1;
  readonly part: number;
  readonly stored: StoredAs;
  readonly session: SessionFacts;
  /** What happened to the station within 5 s of it. */
  readonly around: readonly RelatedRow[];
  /** What happened to the station, or was changed by somebody, before that. */
  readonly before: readonly RelatedRow[];
}

/** A label with its score and the thresholds it was held against; null where the recipe is not to be found. */
export interface LabelScore {
  readonly label: string | null;
  readonly kind: 'ok' | 'defect' | null;
  readonly score: number;
  readonly review: number | null;
  readonly reject: number | null;
}

/** One part's whole story. Times without another word are ms after its trigger. */
export interface PartStory extends Context {
  readonly kind: 'part';
  readonly outcome: string;
  readonly trigger: WallTime & { readonly monoMs: number };
  /** `ageMs` is positive for a frame taken before the trigger. */
  readonly frame: {
    readonly ageMs: number | null;
    readonly clock: string | null;
    readonly sequence: number | null;
  } | null;
  readonly picture: { readonly name: string; readonly file: string; readonly sizeBytes: number | null } | null;
  readonly scores: readonly LabelScore[];
  readonly judged: {
    readonly label: string | null;
    readonly score: number | null;
    readonly reason: string | null;
    readonly detail: string | null;
    readonly atMs: number | null;
    readonly late: { readonly verdict: string; readonly atMs: number } | null;
  };
  readonly deadlineMs: number | null;
  /** Time left at the verdict; negative when it came too late. */
  readonly leftMs: number | null;
  readonly gate: {
    readonly action: string | null;
    readonly cause: string | null;
    /** `offMs` is null where the record closed before the gate went back. */
    readonly pulse: { readonly onMs: number; readonly offMs: number | null } | null;
    readonly confirmation: string | null;
  };
  readonly closedMs: number | null;
  readonly recovered: boolean;
  readonly tooClose: boolean | null;
  /** The parts before and after it; `afterMs` is null when the clock started anew in between. */
  readonly neighbours: readonly {
    readonly part: number;
    readonly afterMs: number | null;
    readonly outcome: string;
    readonly action: string | null;
    readonly tooClose: boolean | null;
  }[];
  readonly recipe: {
    readonly id: string | null;
    readonly folder: string | null;
    readonly minimumOk: number | null;
    /** Why thresholds and labels are not known, or what does not fit. */
    readonly note: string | null;
  };
  /** Fields that the version which wrote the row did not record: null above means nothing for them. */
  readonly unknown: readonly string[];
}

/** A part without a row of its own. */
export interface GapStory extends Context {
  readonly kind: 'gap';
  readonly reason: string;
  readonly why: string;
  readonly written: WallTime;
  readonly ranges: readonly (readonly [number, number])[];
}

export type Story = PartStory | GapStory;

/** Scores with the labels and thresholds of the recipe that judged, where it was found. */
export function labelScores(scores: readonly number[], recipe: Recipe | null): LabelScore[] {
  return scores.map((score, index) => {
    const label = recipe?.manifest.labels[index];
    if (recipe === null || label === undefined) return { label: null, kind: null, score, review: null, reject: null };
    const { review = null, reject = null } = recipe.manifest.decision.thresholds[label.name] ?? {};
    return { label: label.name, kind: label.kind, score, review, reject };
  });
}

/** What speaks against the found recipe having judged these scores; null when nothing does. */
export function doubtAbout(recipe: Recipe, scores: readonly number[], verdict: string): string | null {
  const { labels } = recipe.manifest;
  if (scores.length !== labels.length) {
    return `The ${recipe.id} that was found has ${labels.length} labels, the record ${scores.length} scores: it was changed since.`;
  }
  const decided = decide(recipe.manifest, scores)?.verdict;
  if (decided === verdict) return null;
  return `The thresholds that ${recipe.id} has now give ${decided ?? 'no verdict'} for these scores, rounded to four places: they may have been changed since.`;
}

/** Why a part number has no row, for a person. */
export function whyGap(reason: string, payload: Readonly<Record<string, unknown>>): string {
  switch (reason) {
    case 'power-cut':
      return 'The power failed, or the computer restarted, before a record of this number was on the disk; of the highest numbers some were never given to a part.';
    case 'not-recorded':
      return 'When the session was closed there was no record of it to be written.';
    case 'ledger-overflow': {
      const counts = JSON.stringify(payload['counts'] ?? {});
      return `The disk was too slow and the queue full, so that records were folded into counts: ${counts}.`;
    }
    case 'rows-folded': {
      const counts = JSON.stringify(payload['counts'] ?? {});
      return `Its record was given up because space was short; what is left of it and others are counts: ${counts}.`;
    }
    default:
      return `The ledger gives the reason "${reason}".`;
  }
}

/** A moment as UTC and in the time zone of this computer. */
export function wallTime(wallMs: number): WallTime {
  const date = new Date(wallMs);
  if (!Number.isFinite(date.getTime())) return { wallMs, utc: 'unknown', local: 'unknown' };
  const offsetMin = -date.getTimezoneOffset();
  const shifted = new Date(wallMs + offsetMin * 60_000).toISOString().slice(0, -1);
  const [hours, minutes] = [Math.floor(Math.abs(offsetMin) / 60), Math.abs(offsetMin) % 60];
  const sign = offsetMin < 0 ? '-' : '+';
  const two = (value: number): string => String(value).padStart(2, '0');
  return { wallMs, utc: date.toISOString(), local: `${shifted}${sign}${two(hours)}:${two(minutes)}` };
}
