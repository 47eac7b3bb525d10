import { type ClosedPart, outcomeOf } from '../part-record.ts';
import type { Finding } from '../reconcile/finding.ts';
import { type DurationCounts, durationBucket, type ScoreCounts, scoreBucket } from './spread.ts';

type Counts = Record<string, number>;

/** A minute or a shift in numbers. All but `drift` of spans that follow each other can be added up. */
export interface SpanNumbers {
  readonly parts: number;
  readonly outcomes: Readonly<Counts>;
  /** Parts with a verdict by the label that decided; those without by reason. */
  readonly labels: Readonly<Counts>;
  readonly reasons: Readonly<Counts>;
  readonly actions: Readonly<Counts>;
  /** What the sensor behind the gate saw of ejected parts, where there is one. */
  readonly confirmations: Readonly<Counts>;
  /** Where photo-eye, gate and sensor disagree, by kind. */
  readonly findings: Readonly<Counts>;
  readonly tooClose: number;
  /** From trigger to verdict; to the decision that there is none where there is none. */
  readonly latency: DurationCounts;
  /** Between trigger and the sensor's time of the frame that was taken for it. */
  readonly frameAge: DurationCounts;
  /** Scores that decided. */
  readonly confidence: ScoreCounts;
  /** Parts that passed with a score, and the sum of those scores. */
  readonly passes: number;
  readonly passScoreSum: number;
}

/** What changed slowly: compare a minute's with its shift's. Null without such parts. */
export interface Drift {
  /** Mean score of the parts that passed. */
  readonly passScore: number | null;
  /** Share of rejects and reviews among the parts with a verdict. */
  readonly rejectShare: number | null;
}

/** Gathers a span; its size depends on the kinds of things that happen, not on their number. */
export class Span {
  #parts = 0;
  #tooClose = 0;
  #passes = 0;
  #passScoreSum = 0;
  readonly #outcomes: Counts = {};
  readonly #labels: Counts = {};
  readonly #reasons: Counts = {};
  readonly #actions: Counts = {};
  readonly #confirmations: Counts = {};
  readonly #findings: Counts = {};
  readonly #latency: Counts = {};
  readonly #frameAge: Counts = {};
  readonly #confidence: Counts = {};

  /** Nothing happened in it. */
  get empty(): boolean {
    return this.#parts === 0 && Object.keys(this.#findings).length === 0;
  }

  /** Counts a part whose record has closed. */
  add(record: ClosedPart): void {
    const { judgement, frame, triggerNs } = record;
    const outcome = outcomeOf(record);
    this.#parts += 1;
    if (record.tooClose) this.#tooClose += 1;
    count(this.#outcomes, outcome);
    count(this.#actions, record.action);
    if (record.confirmation !== 'none') count(this.#confirmations, record.confirmation);
    if (frame !== null && frame.clock === 'monotonic')
      count(this.#frameAge, durationBucket(Math.abs(triggerNs - frame.sensorNs) / 1e6));
    // Nobody knows when the verdict that a dead agent had given came, nor on what it rested.
    if (judgement.kind === 'recovered') return;
    count(this.#latency, durationBucket((judgement.atNs - triggerNs) / 1e6));
    if (judgement.kind === 'no-verdict') {
      count(this.#reasons, judgement.reason);
      return;
    }
    count(this.#labels, judgement.label);
    count(this.#confidence, scoreBucket(judgement.score));
    if (outcome !== 'pass') return;
    this.#passes += 1;
    this.#passScoreSum += judgement.score;
  }

  /** Counts a disagreement between photo-eye, gate and sensor. */
  find({ kind }: Finding): void {
    count(this.#findings, kind);
  }

  numbers(): SpanNumbers {
    return {
      parts: this.#parts,
      outcomes: { ...this.#outcomes },
      labels: { ...this.#labels },
      reasons: { ...this.#reasons },
      actions: { ...this.#actions },
      confirmations: { ...this.#confirmations },
      findings: { ...this.#findings },
      tooClose: this.#tooClose,
      latency: { ...this.#latency },
      frameAge: { ...this.#frameAge },
      confidence: { ...this.#confidence },
      passes: this.#passes,
      passScoreSum: rounded(this.#passScoreSum),
    };
  }

  drift(): Drift {
    const { pass = 0, reject = 0, review = 0 } = this.#outcomes;
    const judged = pass + reject + review;
    return {
      passScore: this.#passes === 0 ? null : rounded(this.#passScoreSum / this.#passes),
      rejectShare: judged === 0 ? null : rounded((reject + review) / judged),
    };
  }
}

function count(counts: Counts, key: string | number): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** Enough for a figure that people read, and short in a row. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
