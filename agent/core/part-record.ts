import { LinegateError } from './errors.ts';
import type { ClockName } from './frame.ts';

/** Number of a part on its station: 1, 2, 3, ... never used twice. */
export type PartId = number;

/** What the model says about a part. */
export type Verdict = 'pass' | 'reject' | 'review';

/** Why a part has no verdict. */
export type NoVerdictReason =
  | 'no-frame'
  | 'bad-frame'
  | 'late'
  | 'overflow'
  | 'classifier-down'
  | 'bad-answer'
  | 'agent-down'
  | 'line-stopped';

/** What the gate did: `missed` means it should have ejected and could not in time, `unknown` that nobody was there to see. */
export type Action = 'eject' | 'pass' | 'missed' | 'aborted' | 'unknown';

/** Why the gate did it. */
export type Cause = 'verdict' | 'fail-safe' | 'too-close';

/** What the sensor behind the gate saw of an ejected part; `none` where no sensor looks. */
export type Confirmation = 'none' | 'confirmed' | 'unconfirmed';

/** The verdict with what it rests on. */
export interface Judged {
  readonly kind: 'verdict';
  readonly verdict: Verdict;
  /** The label that decided. */
  readonly label: string;
  /** Its score, 0 to 1. */
  readonly score: number;
  /** Scores in the order of the recipe's labels. */
  readonly scores: readonly number[];
  readonly atNs: number;
}

/** No verdict, and why. */
export interface NotJudged {
  readonly kind: 'no-verdict';
  readonly reason: NoVerdictReason;
  readonly detail: string;
  readonly atNs: number;
}

/** The verdict that the line acted on; the agent died with the scores it rests on. */
export interface Recovered {
  readonly kind: 'recovered';
  readonly verdict: Verdict;
  readonly atNs: number;
}

/** What an agent that is alive makes of a part. */
export type LiveJudgement = Judged | NotJudged;

export type Judgement = LiveJudgement | Recovered;

/** Which frame was taken for the part. */
export interface FrameFacts {
  readonly sensorNs: number;
  readonly clock: ClockName;
  readonly sequence: number;
}

/** When the gate was active; `offNs` is null where the part's record closed before the gate went back. */
export interface Pulse {
  readonly onNs: number;
  readonly offNs: number | null;
}

interface Opened {
  readonly part: PartId;
  readonly triggerNs: number;
  readonly triggerWallMs: number;
  /** Until when a verdict could steer the gate; null for a part that another agent's death interrupted. */
  readonly deadlineNs: number | null;
  readonly frame: FrameFacts | null;
  /** The gate's pulse that was, or was also, for this part; null where there was none or nobody saw it. */
  readonly pulse: Pulse | null;
}

/** The part is being looked at. */
export interface InspectingPart extends Opened {
  readonly state: 'inspecting';
}

/** The station has made up its mind; the line has not confirmed yet what the gate does. */
export interface JudgedPart extends Opened {
  readonly state: 'judged';
  readonly judgement: LiveJudgement;
}

/** The gate's decision is final. */
export interface ResolvedPart extends Opened {
  readonly state: 'resolved';
  readonly judgement: LiveJudgement;
  /** A verdict that came too late to count, for the record only. */
  readonly late: Judged | null;
  readonly action: Action;
  readonly cause: Cause;
  readonly resolvedNs: number;
}

/** The part is gone; nothing changes its record any more. */
export interface ClosedPart extends Opened {
  readonly state: 'closed';
  readonly judgement: Judgement;
  readonly late: Judged | null;
  readonly action: Action;
  readonly cause: Cause | null;
  readonly resolvedNs: number | null;
  readonly tooClose: boolean;
  readonly confirmation: Confirmation;
  readonly closedNs: number;
}

export type PartRecord = InspectingPart | JudgedPart | ResolvedPart | ClosedPart;

/** What can happen to a part's record. */
export type PartInput =
  | { readonly kind: 'framed'; readonly frame: FrameFacts }
  | { readonly kind: 'judged'; readonly judgement: LiveJudgement }
  | { readonly kind: 'pulsed'; readonly pulse: Pulse }
  | { readonly kind: 'resolved'; readonly action: Action; readonly cause: Cause; readonly atNs: number }
  | {
      readonly kind: 'closed';
      readonly action: Action;
      readonly tooClose: boolean;
      readonly confirmation: Confirmation;
      readonly atNs: number;
    };

/** When and under which number a part came. */
export type Trigger = Pick<Opened, 'part' | 'triggerNs' | 'triggerWallMs' | 'deadlineNs'>;

/** The record of a part at its trigger. */
export function openPart(trigger: Trigger): InspectingPart {
  return { state: 'inspecting', ...trigger, frame: null, pulse: null };
}

/** What a line that outlived the agent tells of a part that closed meanwhile. */
export interface LeftByLine {
  readonly action: Action;
  readonly cause: Cause | 'stopped';
  readonly verdict: Verdict | 'none';
  readonly tooClose: boolean;
  readonly confirmation: Confirmation;
  readonly atNs: number;
}

/** The record of a part that the agent before this one left open. `left` is null where the line died with that agent. */
export function interruptedPart(trigger: Trigger, left: LeftByLine | null, nowNs: number): ClosedPart {
  const base = { ...openPart(trigger), state: 'closed', late: null, resolvedNs: null } as const;
  if (left === null) {
    const judgement = agentDown(nowNs);
    const unseen = { action: 'unknown', cause: null, tooClose: false, confirmation: 'none' } as const;
    return { ...base, judgement, ...unseen, closedNs: nowNs };
  }
  const { action, verdict, tooClose, confirmation, atNs } = left;
  const judgement: Judgement = verdict === 'none' ? agentDown(atNs) : { kind: 'recovered', verdict, atNs };
  const cause = left.cause === 'stopped' ? null : left.cause;
  return { ...base, judgement, action, cause, tooClose, confirmation, closedNs: atNs };
}

function agentDown(atNs: number): NotJudged {
  return noVerdict('agent-down', 'the agent died while the part was on its way to the gate', atNs);
}

/** The record after an input. Pure. Throws LinegateError 'illegal-input' for an input that this state cannot have. */
export function advance(record: PartRecord, input: PartInput): PartRecord {
  switch (record.state) {
    case 'inspecting':
      return advanceInspecting(record, input);
    case 'judged':
      return advanceJudged(record, input);
    case 'resolved':
      return advanceResolved(record, input);
    case 'closed':
      throw illegal(record, input);
  }
}

function advanceInspecting(record: InspectingPart, input: PartInput): PartRecord {
  switch (input.kind) {
    case 'framed':
      if (record.frame !== null) throw illegal(record, input);
      return { ...record, frame: input.frame };
    case 'judged':
      return { ...record, state: 'judged', judgement: input.judgement };
    case 'pulsed':
      throw illegal(record, input);
    case 'resolved':
      if (input.cause === 'verdict') throw illegal(record, input);
      return resolve(
        record,
        input,
        noVerdict('late', 'the deadline passed before there was a verdict', input.atNs),
        null,
      );
    case 'closed':
      if (!isUnresolved(input.action)) throw illegal(record, input);
      return abort(record, input, noVerdict('line-stopped', 'the line stopped first', input.atNs));
  }
}

function advanceJudged(record: JudgedPart, input: PartInput): PartRecord {
  switch (input.kind) {
    case 'framed':
    case 'judged':
    case 'pulsed':
      throw illegal(record, input);
    case 'resolved':
      return resolveJudged(record, input);
    case 'closed':
      if (!isUnresolved(input.action)) throw illegal(record, input);
      return abort(record, input, record.judgement);
  }
}

function resolveJudged(record: JudgedPart, input: Extract<PartInput, { kind: 'resolved' }>): ResolvedPart {
  const { judgement } = record;
  if (judgement.kind === 'no-verdict') {
    if (input.cause === 'verdict') throw illegal(record, input);
    return resolve(record, input, judgement, null);
  }
  // The station had a verdict, yet the line fell back to the fail-safe: the verdict reached it after the deadline.
  if (input.cause === 'fail-safe') {
    return resolve(record, input, noVerdict('late', 'the verdict reached the line too late', input.atNs), judgement);
  }
  return resolve(record, input, judgement, null);
}

function advanceResolved(record: ResolvedPart, input: PartInput): PartRecord {
  switch (input.kind) {
    case 'framed':
      return { ...record, frame: record.frame ?? input.frame };
    case 'judged':
      return input.judgement.kind === 'verdict' ? { ...record, late: input.judgement } : record;
    case 'pulsed':
      return { ...record, pulse: input.pulse };
    case 'resolved':
      throw illegal(record, input);
    case 'closed': {
      const { action, tooClose, confirmation, atNs } = input;
      return { ...record, state: 'closed', action, tooClose, confirmation, closedNs: atNs };
    }
  }
}

function resolve(
  record: InspectingPart | JudgedPart,
  input: Extract<PartInput, { kind: 'resolved' }>,
  judgement: LiveJudgement,
  late: Judged | null,
): ResolvedPart {
  const { action, cause, atNs } = input;
  return { ...record, state: 'resolved', judgement, late, action, cause, resolvedNs: atNs };
}

/** Only a line that stopped, or lost track, closes a part that it has not resolved. */
function isUnresolved(action: Action): boolean {
  return action === 'aborted' || action === 'unknown';
}

function abort(
  record: InspectingPart | JudgedPart,
  input: Extract<PartInput, { kind: 'closed' }>,
  judgement: Judgement,
): ClosedPart {
  const { action, tooClose, confirmation, atNs } = input;
  const line = { action, cause: null, resolvedNs: null, tooClose, confirmation, closedNs: atNs };
  return { ...record, state: 'closed', judgement, late: null, ...line };
}

/** A judgement without a verdict. */
export function noVerdict(reason: NoVerdictReason, detail: string, atNs: number): NotJudged {
  return { kind: 'no-verdict', reason, detail, atNs };
}

function illegal(record: PartRecord, input: PartInput): LinegateError {
  const what = input.kind === 'resolved' ? `resolved by ${input.cause}` : input.kind;
  return new LinegateError('illegal-input', `Part ${record.part} is ${record.state} and cannot be ${what}.`);
}

/** How a closed record counts. */
export function outcomeOf(record: ClosedPart): Verdict | 'no-verdict' {
  return record.judgement.kind === 'no-verdict' ? 'no-verdict' : record.judgement.verdict;
}
