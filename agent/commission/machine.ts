import type { GateRecord } from '../adapters/line/gatekeeper/records.ts';
import { LinegateError } from '../core/errors.ts';
import { type Entry, enterKey, startEntry } from './entry.ts';
import { endHold, freeHold, type Hold, holdKey, longestHoldNs } from './hold.ts';
import type { LatenessFigures } from './lateness.ts';
import { byHand, clearLog, emptyLog, found, hear, type Log, type Results } from './measure.ts';
import { type Context, type Step, type StepId, stepIds, stepOf } from './steps.ts';

/** A key of the terminal: one character, or the name of one. */
export type Key = string;

/** Where the walk is. `offered` waits for the technician; `found` shows what was measured. */
export type Phase =
  | { readonly kind: 'offered'; readonly fault?: string }
  /** The gate is about to move: somebody must type "yes". */
  | { readonly kind: 'confirming'; readonly typed: string }
  | { readonly kind: 'measuring'; readonly hold: Hold; readonly fault?: string }
  | { readonly kind: 'asking'; readonly hand: boolean; readonly entry: Entry }
  | { readonly kind: 'found'; readonly results: Results }
  | { readonly kind: 'summary'; readonly fault?: string }
  | { readonly kind: 'ended'; readonly write: boolean };

export interface Walk {
  /** The steps to take, and which of them is on. */
  readonly steps: readonly StepId[];
  readonly at: number;
  readonly phase: Phase;
  readonly log: Log;
  readonly results: Results;
}

export type Input =
  | { readonly kind: 'key'; readonly key: Key; readonly nowNs: number }
  | { readonly kind: 'record'; readonly record: GateRecord }
  | { readonly kind: 'lateness'; readonly figures: LatenessFigures }
  | { readonly kind: 'lateness-failed'; readonly message: string };

/** What is to be done besides. */
export type Effect =
  | { readonly kind: 'hold-gate'; readonly gate: 1 | 2 }
  | { readonly kind: 'measure-lateness' }
  /** What was begun is given up. */
  | { readonly kind: 'cancel-lateness' };

export interface Advance {
  readonly walk: Walk;
  readonly effects: readonly Effect[];
}

export function startWalk(context: Context, only: StepId | undefined): Walk {
  const steps = only === undefined ? stepIds : [only];
  return offer({ steps, at: 0, phase: { kind: 'offered' }, log: emptyLog(context), results: {} }, 0, context);
}

/** The step that is on; undefined at the summary and after it. */
export function stepAt({ steps, at, phase }: Walk): StepId | undefined {
  return phase.kind === 'summary' || phase.kind === 'ended' ? undefined : steps[at];
}

/** The first step from `at` that this station can take, or the summary. */
function offer(walk: Walk, from: number, context: Context): Walk {
  const { steps } = walk;
  const next = steps.findIndex((id, index) => index >= from && stepFor(id, context).without === undefined);
  if (next < 0) return { ...walk, at: steps.length, phase: { kind: 'summary' } };
  return { ...walk, at: next, phase: { kind: 'offered' } };
}

export function stepFor(id: StepId, context: Context): Step {
  return stepOf(id, context, longestHoldNs);
}

/** One input: the walk after it and what is to be done. `check` says what stands against writing what was found. */
export function advance(
  walk: Walk,
  input: Input,
  context: Context,
  check: (results: Results) => string | undefined,
): Advance {
  if (walk.phase.kind === 'ended') throw new LinegateError('illegal-input', 'The commissioning has ended already.');
  switch (input.kind) {
    case 'record':
      return quiet({ ...walk, log: hear(walk.log, input.record) });
    case 'lateness':
      return latenessCame(walk, input.figures, context);
    case 'lateness-failed':
      if (stepAt(walk) !== 'lateness' || walk.phase.kind !== 'measuring') return quiet(walk);
      return quiet({ ...walk, phase: { kind: 'offered', fault: input.message } });
    case 'key':
      return keyPressed(walk, input.key, input.nowNs, context, check);
  }
}

function keyPressed(
  walk: Walk,
  key: Key,
  nowNs: number,
  context: Context,
  check: (results: Results) => string | undefined,
): Advance {
  const { phase } = walk;
  const measuring = phase.kind === 'measuring' ? ([{ kind: 'cancel-lateness' }] as const) : [];
  if (key === 'interrupt') return { walk: { ...walk, phase: { kind: 'ended', write: false } }, effects: measuring };
  switch (phase.kind) {
    case 'offered':
      return offeredKey(walk, key, context);
    case 'confirming':
      return confirmingKey(walk, phase.typed, key, context);
    case 'measuring':
      return measuringKey(walk, phase.hold, key, nowNs, context);
    case 'asking':
      return quiet(askingKey(walk, phase, key, context));
    case 'found':
      return quiet(foundKey(walk, phase.results, key, context));
    case 'summary':
      return quiet(summaryKey(walk, key, context, check));
    case 'ended':
      return quiet(walk);
  }
}

function offeredKey(walk: Walk, key: Key, context: Context): Advance {
  const id = walk.steps[walk.at];
  if (id === undefined) return quiet(walk);
  const step = stepFor(id, context);
  if (key === 's') return quiet(offer(walk, walk.at + 1, context));
  if (key === 'h' && step.byHand.length > 0) {
    return quiet({ ...walk, phase: { kind: 'asking', hand: true, entry: startEntry(step.byHand) } });
  }
  if (key !== 'enter') return quiet(walk);
  if (step.holdNs !== undefined && !context.saidStopped) {
    return quiet({ ...walk, phase: { kind: 'confirming', typed: '' } });
  }
  return measure(walk, id, context);
}

function measure(walk: Walk, id: StepId, context: Context): Advance {
  const begun: Walk = { ...walk, log: clearLog(walk.log, context), phase: { kind: 'measuring', hold: freeHold } };
  if (id === 'rate') return quiet(finish(begun, id, context));
  return { walk: begun, effects: id === 'lateness' ? [{ kind: 'measure-lateness' }] : [] };
}

function confirmingKey(walk: Walk, typed: string, key: Key, context: Context): Advance {
  const id = walk.steps[walk.at];
  if (key === 'enter' && id !== undefined) {
    return typed === 'yes' ? measure(walk, id, context) : quiet({ ...walk, phase: { kind: 'offered' } });
  }
  const next = key === 'backspace' ? typed.slice(0, -1) : typed + (key.length === 1 ? key : '');
  return quiet({ ...walk, phase: { kind: 'confirming', typed: next.slice(0, 10) } });
}

function measuringKey(walk: Walk, hold: Hold, key: Key, nowNs: number, context: Context): Advance {
  const id = walk.steps[walk.at];
  if (id === undefined) return quiet(walk);
  const step = stepFor(id, context);
  const gate = gateOf(key, context);
  if (step.holdNs !== undefined && gate !== undefined) {
    const moved = holdKey(hold, gate, nowNs, step.holdNs);
    const effects: Effect[] = moved.send ? [{ kind: 'hold-gate', gate }] : [];
    return { walk: { ...walk, phase: { kind: 'measuring', hold: moved.hold } }, effects };
  }
  if (key === 'enter' && id !== 'lateness') return quiet(finish(walk, id, context));
  if (key === 's') {
    return { walk: offer(walk, walk.at + 1, context), effects: [{ kind: 'cancel-lateness' }] };
  }
  return quiet({ ...walk, phase: { kind: 'measuring', hold: endHold(hold, nowNs) } });
}

function gateOf(key: Key, { gates }: Context): 1 | 2 | undefined {
  if (key === 'space') return 1;
  return key === 'g' && gates === 2 ? 2 : undefined;
}

/** Measuring is over: what is missing is asked for, then the result is shown. */
function finish(walk: Walk, id: StepId, context: Context): Walk {
  const { fields } = stepFor(id, context);
  if (fields.length > 0) return { ...walk, phase: { kind: 'asking', hand: false, entry: startEntry(fields) } };
  return show(walk, found(id, walk.log, {}, context, walk.results));
}

function show(walk: Walk, results: Results | string): Walk {
  if (typeof results !== 'string') return { ...walk, phase: { kind: 'found', results } };
  return { ...walk, phase: { kind: 'offered', fault: results } };
}

function askingKey(walk: Walk, phase: Extract<Phase, { kind: 'asking' }>, key: Key, context: Context): Walk {
  const id = walk.steps[walk.at];
  const entry = enterKey(phase.entry, key);
  if (entry.kind === 'open' || id === undefined) {
    return entry.kind === 'open' ? { ...walk, phase: { ...phase, entry: entry.entry } } : walk;
  }
  if (phase.hand) return show(walk, byHand(id, entry.answers, context));
  return show(walk, found(id, walk.log, entry.answers, context, walk.results));
}

function foundKey(walk: Walk, results: Results, key: Key, context: Context): Walk {
  if (key === 'enter') return offer({ ...walk, results: { ...walk.results, ...results } }, walk.at + 1, context);
  if (key === 's') return offer(walk, walk.at + 1, context);
  return key === 'r' ? { ...walk, phase: { kind: 'offered' } } : walk;
}

function summaryKey(walk: Walk, key: Key, context: Context, check: (results: Results) => string | undefined): Walk {
  if (key === 'q') return { ...walk, phase: { kind: 'ended', write: false } };
  if (key === 'w') {
    const fault = check(walk.results);
    return { ...walk, phase: fault === undefined ? { kind: 'ended', write: true } : { kind: 'summary', fault } };
  }
  const again = /^[1-7]$/.test(key) ? walk.steps[Number(key) - 1] : undefined;
  if (again === undefined || stepFor(again, context).without !== undefined) return walk;
  return { ...walk, at: Number(key) - 1, phase: { kind: 'offered' } };
}

function latenessCame(walk: Walk, figures: LatenessFigures, context: Context): Advance {
  if (stepAt(walk) !== 'lateness' || walk.phase.kind !== 'measuring') return quiet(walk);
  return quiet(finish({ ...walk, log: { ...walk.log, lateness: figures } }, 'lateness', context));
}

function quiet(walk: Walk): Advance {
  return { walk, effects: [] };
}
