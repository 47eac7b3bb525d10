import { doubtsInWords } from './doubts.ts';
import type { AlarmInput, AlarmLimits, RecordedPart } from './input.ts';

/** Something that happens rather than lasts: what it was last, when, and how many parts were recorded since. */
interface Last {
  readonly text: string;
  readonly atMs: number;
  readonly partsSince: number;
}

/** Something that is well or not, since when, and why not. */
interface Health {
  readonly ok: boolean;
  readonly sinceMs: number;
  readonly why: string;
}

/** All that the rules look at; bounded, whatever comes. Times are monotonic ms. */
export interface AlarmFacts {
  readonly lastPart: number;
  /** Rejects and reviews since the last pass. */
  readonly rejectRun: number;
  /** Passes since the last run of as many rejects as raise the alarm. */
  readonly passesSinceRun: number;
  /** Ejections not confirmed, one after the other, and confirmed ones. */
  readonly unconfirmedRun: number;
  readonly confirmedRun: number;
  /** Whether the last hundred parts had no verdict. */
  readonly noVerdicts: readonly boolean[];
  /** Time left at the last hundred verdicts, as a share. */
  readonly headroom: readonly number[];
  /** Since when, and how many, parts came without a frame; `stalled` once that took too long. */
  readonly missed: { readonly sinceMs: number; readonly parts: number; readonly stalledMs: number } | null;
  readonly camera: Health;
  readonly classifier: Health;
  readonly ledger: Health;
  readonly slowCommit: { readonly tookMs: number; readonly atMs: number } | null;
  readonly disk: { readonly usedShare: number; readonly full: boolean };
  readonly ready: Health;
  readonly bin: Health;
  readonly uplink: Health;
  /** The broker is there and takes what is sent, and no receiver answers. */
  readonly unanswered: boolean;
  readonly unseen: Last | null;
  readonly clockStep: Last | null;
  readonly lineFault: Last | null;
  readonly conflict: Last | null;
}

const well: Health = { ok: true, sinceMs: Number.NEGATIVE_INFINITY, why: '' };

/** Nothing is known, and nothing is wrong. */
export const noFacts: AlarmFacts = {
  lastPart: 0,
  rejectRun: 0,
  passesSinceRun: 0,
  unconfirmedRun: 0,
  confirmedRun: 0,
  noVerdicts: [],
  headroom: [],
  missed: null,
  camera: well,
  classifier: well,
  ledger: well,
  slowCommit: null,
  disk: { usedShare: 0, full: false },
  ready: well,
  bin: well,
  uplink: well,
  unanswered: false,
  unseen: null,
  clockStep: null,
  lineFault: null,
  conflict: null,
};

/** Parts over which shares are taken. */
const windowParts = 100;

/** The facts after an input. Pure. */
export function learn(facts: AlarmFacts, input: AlarmInput, limits: AlarmLimits, nowMs: number): AlarmFacts {
  switch (input.kind) {
    case 'part':
      return learnPart(facts, input, limits, nowMs);
    case 'unseen-part':
      return { ...facts, unseen: last('', nowMs) };
    case 'camera':
      return { ...facts, camera: health(facts.camera, input, nowMs) };
    case 'classifier':
      return { ...facts, classifier: health(facts.classifier, input, nowMs) };
    case 'ledger':
      return { ...facts, ledger: health(facts.ledger, input, nowMs) };
    case 'commit':
      return input.tookMs > limits.ledgerSlowMs
        ? { ...facts, slowCommit: { tookMs: input.tookMs, atMs: nowMs } }
        : facts;
    case 'disk':
      return { ...facts, disk: { usedShare: input.usedShare, full: input.full } };
    case 'clock-step':
      return { ...facts, clockStep: last(`${Math.round(input.byMs) / 1000} s`, nowMs) };
    case 'line-fault':
      return { ...facts, lineFault: last(input.message, nowMs) };
    case 'ready':
      return { ...facts, ready: health(facts.ready, input, nowMs) };
    case 'bin':
      return { ...facts, bin: health(facts.bin, input, nowMs) };
    case 'uplink':
      if (input.state === 'conflict') return { ...facts, conflict: last(input.detail, nowMs) };
      return { ...facts, uplink: health(facts.uplink, input, nowMs), unanswered: input.state === 'unanswered' };
    case 'tick':
      return facts;
  }
}

function last(text: string, atMs: number): Last {
  return { text, atMs, partsSince: 0 };
}

type HealthInput = Extract<AlarmInput, { kind: 'camera' | 'classifier' | 'ledger' | 'ready' | 'bin' | 'uplink' }>;

const wellStates: readonly HealthInput['state'][] = ['ok', 'up', 'connected', 'on', 'unknown'];

/** A repetition keeps the time since when it is so. */
function health(before: Health, input: HealthInput, nowMs: number): Health {
  const ok = wellStates.includes(input.state);
  const sinceMs = before.ok === ok ? before.sinceMs : nowMs;
  return { ok, sinceMs, why: whyOf(input) };
}

function whyOf(input: HealthInput): string {
  if ('message' in input) return input.message;
  if ('detail' in input) return input.detail;
  if ('why' in input) return doubtsInWords(input.why);
  return 'reason' in input ? input.reason : '';
}

function learnPart(facts: AlarmFacts, input: RecordedPart, limits: AlarmLimits, nowMs: number): AlarmFacts {
  const { outcome, headroom } = input;
  const judgeable = outcome !== 'void';
  return {
    ...facts,
    lastPart: input.part,
    ...rejects(facts, outcome, limits.rejectsInARow),
    ...confirmations(facts, input),
    noVerdicts: judgeable ? windowed(facts.noVerdicts, outcome === 'no-verdict') : facts.noVerdicts,
    headroom: headroom === null ? facts.headroom : windowed(facts.headroom, headroom),
    ...frames(facts, input.frame, nowMs),
    unseen: older(facts.unseen),
    lineFault: older(facts.lineFault),
  };
}

function windowed<T>(values: readonly T[], value: T): readonly T[] {
  return [...(values.length < windowParts ? values : values.slice(1)), value];
}

function older(event: Last | null): Last | null {
  return event && { ...event, partsSince: event.partsSince + 1 };
}

/** A part without a verdict neither lengthens nor ends a run of rejects. */
function rejects(
  { rejectRun, passesSinceRun }: AlarmFacts,
  outcome: RecordedPart['outcome'],
  limit: number,
): Pick<AlarmFacts, 'rejectRun' | 'passesSinceRun'> {
  if (outcome === 'pass') return { rejectRun: 0, passesSinceRun: passesSinceRun + 1 };
  if (outcome !== 'reject' && outcome !== 'review') return { rejectRun, passesSinceRun };
  return { rejectRun: rejectRun + 1, passesSinceRun: rejectRun + 1 >= limit ? 0 : passesSinceRun };
}

/** Only ejections count, and only where a sensor looks. */
function confirmations(
  facts: AlarmFacts,
  { action, confirmation }: RecordedPart,
): Pick<AlarmFacts, 'unconfirmedRun' | 'confirmedRun'> {
  const { unconfirmedRun, confirmedRun } = facts;
  if (action !== 'eject' || confirmation === 'none') return { unconfirmedRun, confirmedRun };
  return confirmation === 'confirmed'
    ? { unconfirmedRun: 0, confirmedRun: confirmedRun + 1 }
    : { unconfirmedRun: unconfirmedRun + 1, confirmedRun: 0 };
}

/** A frame proves that the camera works, whatever was said of it before. */
function frames(
  { missed, camera }: AlarmFacts,
  frame: RecordedPart['frame'],
  nowMs: number,
): Pick<AlarmFacts, 'missed' | 'camera'> {
  if (frame === 'not-asked') return { missed, camera };
  if (frame === 'taken') return { missed: null, camera: camera.ok ? camera : { ok: true, sinceMs: nowMs, why: '' } };
  const sinceMs = missed?.sinceMs ?? nowMs;
  return { missed: { sinceMs, parts: (missed?.parts ?? 0) + 1, stalledMs: nowMs - sinceMs }, camera };
}
