import { type ClosedPart, outcomeOf, type PartId } from '../../core/part-record.ts';
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
  /** Parts thrown out although their record says that they passed. */
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
  readonly truth: VirtualPart;
  ejected: boolean | null;
  record: ClosedPart | null;
  records: number;
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
    wrongPartEjections: 0,
    missedEjections: 0,
    lateVerdicts: 0,
    failSafeActions: 0,
    escapes: 0,
    falseRejects: 0,
  };

  /** The photo-eye saw a part and the line gave it a number. */
  triggered(part: PartId, truth: VirtualPart): void {
    this.#count.triggers += 1;
    this.#open.set(part, { truth, ejected: null, record: null, records: 0 });
  }

  /** The part passed the gate and was, or was not, thrown out. */
  passedGate(part: PartId, ejected: boolean): void {
    const seen = this.#open.get(part);
    if (seen === undefined) return;
    seen.ejected = ejected;
    this.#count.parts += 1;
    const label = this.#labels.get(seen.truth.label) ?? { parts: 0, ejected: 0 };
    this.#labels.set(seen.truth.label, { parts: label.parts + 1, ejected: label.ejected + Number(ejected) });
    if (seen.truth.defective && !ejected) this.#count.escapes += 1;
    if (!seen.truth.defective && ejected) this.#count.falseRejects += 1;
    this.#compare(part, seen);
  }

  /** The part's record is in the ledger. Records of parts from before this simulation are not its business. */
  recorded(record: ClosedPart): void {
    const seen = this.#open.get(record.part);
    if (seen === undefined) {
      if (record.judgement.kind !== 'no-verdict' || record.judgement.reason !== 'agent-down') this.#count.doubled += 1;
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
    seen.records += 1;
    this.#compare(record.part, seen);
  }

  /** The line refused a verdict because the part's deadline had passed. */
  verdictLate(): void {
    this.#count.lateVerdicts += 1;
  }

  #compare(part: PartId, { ejected, record }: Seen): void {
    if (ejected === null || record === null) return;
    this.#open.delete(part);
    const byRight = record.action === 'eject' && (record.cause !== 'too-close' || record.tooClose);
    if (ejected && !byRight) this.#count.wrongPartEjections += 1;
    if (!ejected && record.action === 'eject') this.#count.missedEjections += 1;
  }

  /** The sum so far. */
  summary(): Judgement {
    const { doubled, ...count } = this.#count;
    const without = [...this.#open.values()].filter((seen) => seen.records === 0).length;
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
