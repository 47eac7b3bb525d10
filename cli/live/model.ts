import type { ClosedPart, PartId, Verdict } from '../../agent/core/part-record.ts';
import { outcomeOf } from '../../agent/core/part-record.ts';
import type { Observation } from '../../agent/pipeline/observation.ts';

/** A part on the belt, as drawn. */
export interface LivePart {
  readonly triggerNs: number;
  verdict: Verdict | 'no-verdict' | null;
  /** Set once the gate's decision is final. */
  action: 'eject' | 'pass' | null;
}

/** What the live view shows, followed from the pipeline's observations. */
export class LiveModel {
  readonly parts = new Map<PartId, LivePart>();
  readonly outcomes = { pass: 0, reject: 0, review: 0, 'no-verdict': 0 };
  readonly lastRejects: ClosedPart[] = [];
  gateActive = false;
  triggers = 0;
  recorded = 0;
  lastSeq = 0;

  readonly #rejectsShown: number;

  constructor(rejectsShown: number) {
    this.#rejectsShown = rejectsShown;
  }

  observe(observation: Observation): void {
    switch (observation.kind) {
      case 'line':
        this.#onLine(observation.event);
        break;
      case 'verdict': {
        const part = this.parts.get(observation.part);
        if (part !== undefined) part.verdict = observation.verdict;
        break;
      }
      case 'recorded':
      case 'known':
        this.#onRecord(observation.record, observation.seq);
        break;
      case 'picture-lost':
      case 'broken':
      case 'finding':
      case 'alarm':
        break;
    }
  }

  /** Forgets the parts that have left the belt. */
  forgetBefore(triggerNs: number): void {
    for (const [id, part] of this.parts) if (part.triggerNs < triggerNs) this.parts.delete(id);
  }

  #onLine(event: Extract<Observation, { kind: 'line' }>['event']): void {
    if (event.kind === 'gate') this.gateActive = event.state === 'active';
    if (event.kind === 'trigger') {
      this.triggers += 1;
      this.parts.set(event.part, { triggerNs: event.atNs, verdict: null, action: null });
    }
    if (event.kind !== 'resolved') return;
    const part = this.parts.get(event.part);
    if (part === undefined) return;
    part.action = event.action;
    if (event.cause === 'fail-safe') part.verdict = 'no-verdict';
  }

  #onRecord(record: ClosedPart, seq: number | null): void {
    const outcome = outcomeOf(record);
    this.recorded += 1;
    this.lastSeq = seq ?? this.lastSeq;
    this.outcomes[outcome] += 1;
    if (outcome === 'pass') return;
    this.lastRejects.unshift(record);
    if (this.lastRejects.length > this.#rejectsShown) this.lastRejects.pop();
  }
}
