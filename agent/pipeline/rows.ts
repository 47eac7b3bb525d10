import { type ClosedPart, type FrameFacts, outcomeOf, type Pulse } from '../core/part-record.ts';
import type { NewRow } from '../ports/ledger.ts';

const nsPerMs = 1e6;

/** The ledger's row of a part. `picture` is the name under which its picture is kept, or null. */
export function partRow(record: ClosedPart, recipe: string, picture: string | null): NewRow {
  const outcome = outcomeOf(record);
  const { judgement } = record;
  return {
    kind: 'part',
    monoMs: record.triggerNs / nsPerMs,
    wallMs: record.triggerWallMs,
    part: record.part,
    outcome,
    score: judgement.kind === 'verdict' ? judgement.score : null,
    recipe,
    urgent: outcome !== 'pass',
    payload: {
      action: record.action,
      cause: record.cause,
      tooClose: record.tooClose,
      confirmation: record.confirmation,
      ...judgementFields(record),
      frame: record.frame === null ? null : frameFields(record, record.frame),
      pulse: record.pulse === null ? null : pulseFields(record, record.pulse),
      deadlineMs: record.deadlineNs === null ? null : sinceTrigger(record, record.deadlineNs),
      picture,
      closedMs: sinceTrigger(record, record.closedNs),
    },
  };
}

function judgementFields(record: ClosedPart): Record<string, unknown> {
  const { judgement, late } = record;
  const atMs = sinceTrigger(record, judgement.atNs);
  const lateFields = late === null ? {} : { late: { verdict: late.verdict, atMs: sinceTrigger(record, late.atNs) } };
  if (judgement.kind === 'no-verdict') {
    return { reason: judgement.reason, detail: judgement.detail, atMs, ...lateFields };
  }
  if (judgement.kind === 'recovered') return { recovered: true, atMs };
  const scores = judgement.scores.map((score) => Math.round(score * 1e4) / 1e4);
  return { label: judgement.label, scores, atMs, ...lateFields };
}

/** Times on another clock than the triggers' cannot be compared with them. */
function frameFields(record: ClosedPart, { sensorNs, clock, sequence }: FrameFacts): Record<string, unknown> {
  return { ageMs: clock === 'monotonic' ? sinceTrigger(record, sensorNs) : null, clock, sequence };
}

function pulseFields(record: ClosedPart, { onNs, offNs }: Pulse): Record<string, unknown> {
  return { onMs: sinceTrigger(record, onNs), offMs: offNs === null ? null : sinceTrigger(record, offNs) };
}

function sinceTrigger(record: ClosedPart, atNs: number): number {
  return Math.round((atNs - record.triggerNs) / 1e3) / 1e3;
}

/** The row of something that happened to the station rather than to a part. */
export function eventRow(
  name: string,
  at: { readonly nowNs: number; readonly wallMs: number },
  payload: Readonly<Record<string, unknown>>,
): NewRow {
  const { nowNs, wallMs } = at;
  const monoMs = nowNs / nsPerMs;
  return { kind: 'event', monoMs, wallMs, part: null, outcome: name, score: null, recipe: null, urgent: true, payload };
}
