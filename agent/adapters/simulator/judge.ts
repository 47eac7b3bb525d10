import { type ClosedPart, outcomeOf, type PartId } from '../../core/part-record.ts';
import type { Finding } from '../../core/reconcile/finding.ts';
import type { VirtualPart } from './belt.ts';

/** What physically happened at the line, beside what the station's records say of it. */
export interface Judgement {
  /** Parts that passed the gate. */
  readonly parts: number;
  readonly triggers: number;
  /** Records that were closed and are in the ledger. */
  readonly records: number;
  /** Triggers that do not have exactly one record. */
  readonly unaccounted: number;
  /** Physical parts for which no trigger was taken: they went on to the gate without a number or a record. */
  readonly missedTriggers: number;
  /** Triggers without a part: each has a number and a record, and nothing on the belt. */
  readonly doubleTriggers: number;
  /** Parts that the station found at the gate and knew no trigger for. */
  readonly noticedMissed: number;
  /** Triggers that the station found to have brought no part to the gate. */
  readonly noticedDouble: number;
  /** Parts without a trigger that went on past the gate. */
  readonly unseenPassed: number;
  /** Parts without a trigger that the gate threw out, because it stood in the way for a neighbour. */
  readonly unseenEjected: number;
  /** Parts thrown out although their record says that they passed. Parts without a trigger have no record: `unseenEjected`. */
  readonly wrongPartEjections: number;
  /** Parts that went on although their record says that they were thrown out. */
  readonly missedEjections: number;
  /** Verdicts that reached the line after the part's deadline. */
  readonly lateVerdicts: number;
  readonly noVerdicts: number;
  readonly failSafeActions: number;
  /** Defective parts that went on. */
  readonly escapes: number;
  /** Good parts that were thrown out. */
  readonly falseRejects: number;
  readonly outcomes: Readonly<Record<'pass' | 'reject' | 'review' | 'no-verdict', number>>;
  readonly reasons: Readonly<Record<string, number>>;
  /** Per true label: parts, and how many of them were thrown out. */
  readonly labels: Readonly<Record<string, { readonly parts: number; readonly ejected: number }>>;
}

interface Seen {
  /** Undefined where the trigger was of nothing. */
  readonly truth: VirtualPart | undefined;
  ejected: boolean | null;
  record: ClosedPart | null;
}

/** Judges the station by what it did to the parts. Keeps only the parts that it does not know everything of yet. */
export class Judge {
  readonly #open = new Map<PartId, Seen>();
  readonly #labels = new Map<string, { parts: number; ejected: number }>();
  readonly #outcomes = { pass: 0, reject: 0, review: 0, 'no-verdict': 0 };
  readonly #reasons = new Map<string, number>();
  readonly #count = {
    parts: 0,
    triggers: 0,
    records: 0,
    doubled: 0,
    missedTriggers: 0,
    doubleTriggers: 0,
    noticedMissed: 0,
    noticedDouble: 0,
    unseenPassed: 0,
    unseenEjected: 0,
    wrongPartEjections: 0,
    missedEjections: 0,
    lateVerdicts: 0,
    failSafeActions: 0,
    escapes: 0,
    falseRejects: 0,
  };

  /** The photo-eye saw a part, or nothing (`undefined`), and the line gave it a number. */
  triggered(part: PartId, truth: VirtualPart | undefined): void {
    this.#count.triggers += 1;
    if (truth === undefined) this.#count.doubleTriggers += 1;
    this.#open.set(part, { truth, ejected: null, record: null });
  }

  /** A part came to the photo-eye and the line took no trigger for it. */
  missedTrigger(): void {
    this.#count.missedTriggers += 1;
  }

  /** The part passed the gate and was, or was not, thrown out. */
  passedGate(part: PartId, ejected: boolean): void {
    const seen = this.#open.get(part);
    if (seen?.truth === undefined) return;
    seen.ejected = ejected;
    this.#sort(seen.truth, ejected);
    this.#compare(part, seen);
  }

  /** A part without a trigger passed the gate. It is told apart by its place on the belt, so it is no neighbour's business. */
  passedUnseen(truth: VirtualPart, ejected: boolean): void {
    if (ejected) this.#count.unseenEjected += 1;
    else this.#count.unseenPassed += 1;
    this.#sort(truth, ejected);
  }

  /** The station found that photo-eye and gate disagree. */
  noticed(finding: Finding): void {
    if (finding.kind === 'unseen-part') this.#count.noticedMissed += 1;
    else this.#count.noticedDouble += 1;
  }

  /** The part's record is in the ledger. Records of parts from before this simulation are not its business. */
  recorded(record: ClosedPart): void {
    const seen = this.#open.get(record.part);
    if (seen === undefined) {
      if (record.judgement.kind !== 'no-verdict' || record.judgement.reason !== 'agent-down') this.#count.doubled += 1;
      return;
    }
    if (seen.record !== null) {
      this.#count.doubled += 1;
      return;
    }
    this.#count.records += 1;
    this.#outcomes[outcomeOf(record)] += 1;
    if (record.judgement.kind === 'no-verdict') {
      const { reason } = record.judgement;
      this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    }
    if (record.cause === 'fail-safe') this.#count.failSafeActions += 1;
    seen.record = record;
    this.#compare(record.part, seen);
  }

  /** The line refused a verdict because the part's deadline had passed. */
  verdictLate(): void {
    this.#count.lateVerdicts += 1;
  }

  /** Counts what truly happened to a part. */
  #sort({ label, defective }: VirtualPart, ejected: boolean): void {
    this.#count.parts += 1;
    const sum = this.#labels.get(label) ?? { parts: 0, ejected: 0 };
    this.#labels.set(label, { parts: sum.parts + 1, ejected: sum.ejected + Number(ejected) });
    if (defective && !ejected) this.#count.escapes += 1;
    if (!defective && ejected) this.#count.falseRejects += 1;
  }

  #compare(part: PartId, { truth, ejected, record }: Seen): void {
    if (record === null) return;
    if (truth === undefined) this.#open.delete(part);
    if (ejected === null) return;
    this.#open.delete(part);
    const byRight = record.action === 'eject' && (record.cause !== 'too-close' || record.tooClose);
    if (ejected && !byRight) this.#count.wrongPartEjections += 1;
    if (!ejected && record.action === 'eject') this.#count.missedEjections += 1;
  }

  /** The sum so far. */
  summary(): Judgement {
    const { doubled, ...count } = this.#count;
    const without = [...this.#open.values()].filter((seen) => seen.record === null).length;
    return {
      ...count,
      unaccounted: without + doubled,
      noVerdicts: this.#outcomes['no-verdict'],
      outcomes: { ...this.#outcomes },
      reasons: Object.fromEntries([...this.#reasons].sort()),
      labels: Object.fromEntries([...this.#labels].sort()),
    };
  }
}
