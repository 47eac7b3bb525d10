import { type Shift, shiftAt } from '../core/summary/shifts.ts';
import { Span } from '../core/summary/span.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, NewRow } from '../ports/ledger.ts';
import type { Observation } from './observation.ts';

export interface SummariesOptions {
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'append'>;
  /** When shifts begin by local time, such as `06:00`. */
  readonly shifts: readonly string[];
  readonly recipeId: string;
  /** A summary that the ledger did not take. */
  readonly onFault: (error: unknown) => void;
}

interface Gathered {
  readonly span: Span;
  readonly fromWallMs: number;
}

const minuteMs = 60_000;
/** A timer may be early by what the wall clock drifts meanwhile. */
const earlyMs = 1000;

/**
 * Tells each minute and each shift in numbers: a row at each boundary of the wall clock and, for what has begun, at the
 * stop. A minute or shift in which nothing happened has no row. A part counts when its record is durable.
 */
export class Summaries {
  readonly #options: SummariesOptions;
  #minute: Gathered = { span: new Span(), fromWallMs: 0 };
  #shift: (Gathered & { readonly shift: Shift }) | null = null;
  #cancel: () => void = () => {};

  constructor(options: SummariesOptions) {
    this.#options = options;
  }

  /** Begins the first minute and the rest of the shift; the ledger must be open. */
  start(): void {
    this.#begin(this.#options.clock.wallMs());
  }

  /** Counts what a summary tells; other observations change nothing. */
  observe(observation: Observation): void {
    const spans = [this.#minute.span, ...(this.#shift === null ? [] : [this.#shift.span])];
    if (observation.kind === 'recorded') for (const span of spans) span.add(observation.record);
    if (observation.kind === 'finding') for (const span of spans) span.find(observation.finding);
  }

  /** Ends the minute and the shift that have begun. May be called again. */
  stop(): void {
    if (this.#shift === null) return;
    this.#cancel();
    const wallMs = this.#options.clock.wallMs();
    this.#endMinute(wallMs);
    this.#endShift(wallMs, false);
  }

  #begin(wallMs: number): void {
    this.#minute = { span: new Span(), fromWallMs: wallMs };
    this.#shift ??= { span: new Span(), fromWallMs: wallMs, shift: shiftAt(wallMs, this.#options.shifts) };
    this.#arm(wallMs);
  }

  #arm(wallMs: number): void {
    const { clock } = this.#options;
    const leftMs = minuteMs - (clock.wallMs() % minuteMs);
    const waitMs = wallMs > clock.wallMs() ? leftMs + minuteMs : leftMs;
    this.#cancel = clock.at(clock.nowNs() + waitMs * 1e6, () => this.#onBoundary());
  }

  #onBoundary(): void {
    const { clock, shifts } = this.#options;
    const nearestMs = Math.round(clock.wallMs() / minuteMs) * minuteMs;
    const wallMs = Math.abs(nearestMs - clock.wallMs()) <= earlyMs ? nearestMs : clock.wallMs();
    this.#endMinute(wallMs);
    const ended = this.#shift?.shift;
    // Also after a step of the clock, forwards or backwards.
    if (ended !== undefined && ended.fromMs !== shiftAt(wallMs, shifts).fromMs) {
      this.#endShift(wallMs, wallMs === ended.toMs);
    }
    this.#begin(wallMs);
  }

  #endMinute(wallMs: number): void {
    const { span, fromWallMs } = this.#minute;
    if (span.empty) return;
    const shift = this.#shift?.span.drift() ?? null;
    this.#append('minute', wallMs, { fromWallMs, ...span.numbers(), drift: { minute: span.drift(), shift } });
  }

  /** `whole`: it went on to its end. */
  #endShift(wallMs: number, whole: boolean): void {
    const ended = this.#shift;
    this.#shift = null;
    if (ended === null || ended.span.empty) return;
    const { span, fromWallMs, shift } = ended;
    const complete = whole && fromWallMs === shift.fromMs;
    this.#append('shift', wallMs, {
      shift: shift.name,
      complete,
      fromWallMs,
      ...span.numbers(),
      drift: { shift: span.drift() },
    });
  }

  #append(outcome: 'minute' | 'shift', wallMs: number, payload: NewRow['payload']): void {
    const { clock, ledger, recipeId, onFault } = this.#options;
    const row: NewRow = {
      kind: 'summary',
      monoMs: clock.nowNs() / 1e6,
      wallMs,
      part: null,
      outcome,
      score: null,
      recipe: recipeId,
      urgent: false,
      payload,
    };
    ledger.append(row).catch(onFault);
  }
}
