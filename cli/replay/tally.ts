import type { Decision } from '../../agent/core/decide.ts';
import type { Verdict } from '../../agent/core/part-record.ts';
import type { StoredPart } from '../../agent/recorder/stored-parts.ts';
import type { Answer } from './verdicts.ts';

/** A part to which the recipe gives another verdict than the line did. */
export interface Change {
  readonly part: number;
  readonly wallMs: number;
  readonly picture: string;
  readonly from: string;
  readonly to: Verdict;
  readonly was: { readonly label: string | null; readonly score: number | null };
  readonly now: { readonly label: string; readonly score: number };
}

/** What a replay found so far. */
export interface Found {
  readonly parts: number;
  /** Parts whose record names a picture. */
  readonly withPicture: number;
  readonly replayed: number;
  /** Pictures that are not in the folder any more. */
  readonly missing: number;
  readonly unreadable: number;
  /** By outcome, parts of which no picture was kept. */
  readonly withoutPicture: Readonly<Record<string, number>>;
  /** Which recipes judged the replayed parts on the line. */
  readonly judgedBy: Readonly<Record<string, number>>;
  /** Outcome on the line, then verdict of the recipe. */
  readonly table: Readonly<Record<string, Readonly<Record<Verdict, number>>>>;
  /** Replayed parts that had a verdict on the line. */
  readonly compared: number;
  readonly changed: number;
  /** Of the compared parts those whose verdict, then or now, makes the gate eject. */
  readonly ejected: { readonly before: number; readonly after: number };
  /** The first of them. */
  readonly changes: readonly Change[];
  readonly unreadablePictures: readonly { readonly part: number; readonly picture: string; readonly reason: string }[];
}

/** So many changes, and unreadable pictures, are named; the rest is only counted. */
const mostNamed = 10_000;

/** Counts what comes of each part, in bounded memory. */
export class Tally {
  readonly #withoutPicture = new Map<string, number>();
  readonly #judgedBy = new Map<string, number>();
  readonly #table = new Map<string, Record<Verdict, number>>();
  readonly #changes: Change[] = [];
  readonly #unreadable: { part: number; picture: string; reason: string }[] = [];
  readonly #count = { parts: 0, withPicture: 0, replayed: 0, missing: 0, unreadable: 0, compared: 0, changed: 0 };
  readonly #ejected = { before: 0, after: 0 };

  noPicture({ outcome }: StoredPart): void {
    this.#count.parts += 1;
    add(this.#withoutPicture, outcome);
  }

  picture(stored: StoredPart, picture: string, answer: Answer): void {
    this.#count.parts += 1;
    this.#count.withPicture += 1;
    switch (answer.kind) {
      case 'missing':
        this.#count.missing += 1;
        break;
      case 'unreadable':
        this.#count.unreadable += 1;
        if (this.#unreadable.length < mostNamed) {
          this.#unreadable.push({ part: stored.part, picture, reason: answer.reason });
        }
        break;
      case 'verdict':
        this.#replayed(stored, picture, answer);
    }
  }

  found(): Found {
    return {
      ...this.#count,
      withoutPicture: Object.fromEntries(this.#withoutPicture),
      judgedBy: Object.fromEntries(this.#judgedBy),
      table: Object.fromEntries(this.#table),
      ejected: { ...this.#ejected },
      changes: this.#changes,
      unreadablePictures: this.#unreadable,
    };
  }

  #replayed(stored: StoredPart, picture: string, { verdict: to, label, score }: Decision): void {
    const { part, wallMs, outcome: from, recipe } = stored;
    this.#count.replayed += 1;
    add(this.#judgedBy, recipe ?? 'unknown');
    const row = this.#table.get(from) ?? { pass: 0, review: 0, reject: 0 };
    row[to] += 1;
    this.#table.set(from, row);
    // A part without a verdict on the line has none that could change.
    if (from === 'no-verdict') return;
    this.#count.compared += 1;
    this.#ejected.before += from === 'pass' ? 0 : 1;
    this.#ejected.after += to === 'pass' ? 0 : 1;
    if (from === to) return;
    this.#count.changed += 1;
    if (this.#changes.length >= mostNamed) return;
    const was = { label: stored.label, score: stored.score };
    this.#changes.push({ part, wallMs, picture, from, to, was, now: { label, score } });
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
