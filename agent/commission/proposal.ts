import type { Calibration } from '../config/calibration.ts';
import type { Results } from './measure.ts';
import { alike } from './passes.ts';
import type { Context } from './steps.ts';

/** A figure of the calibration, in ns or counts, and where it is from. */
export interface Reason {
  readonly name: 'delay' | 'width' | 'recovery' | 'lead' | 'triggerDead' | 'confirmation' | 'reviewGate' | 'encoder';
  readonly from: 'measured' | 'assumed' | 'kept';
  readonly why: string;
}

export interface Proposal {
  readonly calibration: Calibration;
  readonly reasons: readonly Reason[];
  /** For station.yaml; null when the lateness was not measured. */
  readonly lateUs: number | null;
}

const leastLeadNs = 5e6;
const leastConfirmMarginNs = 10e6;

interface Units {
  readonly of: (ns: number) => number;
  /** False where counts were asked for and the belt's rate is not known: figures of time alone are then kept. */
  readonly known: boolean;
}

/** The calibration that the figures say, and why each; what was not measured stays as it is. */
export function propose(results: Results, context: Context): Proposal {
  const units = unitsOf(results, context);
  const reasons: Reason[] = [];
  const { old } = context;
  const keep = <T>(name: Reason['name'], value: T): T => {
    reasons.push({ name, from: 'kept', why: 'not measured, as it was' });
    return value;
  };
  const say = <T>(name: Reason['name'], from: 'measured' | 'assumed', why: string, value: T): T => {
    reasons.push({ name, from, why });
    return value;
  };
  const parts = { results, context, units, keep, say };
  const calibration: Calibration = {
    ...old,
    encoder: encoderKind(parts),
    delay: delay(parts),
    width: width(parts),
    recovery: recovery(parts),
    lead: lead(parts),
    triggerDead: triggerDead(parts),
    confirmation: confirmation(parts),
    reviewGate: reviewGate(parts),
  };
  return { calibration, reasons, lateUs: lateUsOf(results) };
}

interface Parts {
  readonly results: Results;
  readonly context: Context;
  readonly units: Units;
  readonly keep: <T>(name: Reason['name'], value: T) => T;
  readonly say: <T>(name: Reason['name'], from: 'measured' | 'assumed', why: string, value: T) => T;
}

function unitsOf({ delay, encoder }: Results, { base }: Context): Units {
  if (base === 'time') return { known: true, of: (ns) => Math.round(ns) };
  const perSecond = delay?.countsPerSecond ?? encoder?.highestPerSecond ?? 0;
  return { known: perSecond > 0, of: (ns) => Math.ceil((ns * perSecond) / 1e9) };
}

/** How far from the median a part may be, never taken as nothing: 0.5 ms or a count. */
function spreadOf({ results, context }: Parts): number {
  return Math.max(results.delay?.arrival.spread ?? 0, context.base === 'time' ? 0.5e6 : 1);
}

function moveOf({ results, units }: Parts): number {
  const moveNs = results.response?.moveNs ?? 0;
  return units.known ? units.of(moveNs) : 0;
}

function encoderKind(parts: Parts): Calibration['encoder'] {
  const { encoder: old } = parts.context.old;
  const found = parts.results.encoder;
  if (old === undefined) return undefined;
  if (found?.reversed !== true || old === 'single') return parts.keep('encoder', old);
  const turned = old === 'quadrature' ? 'quadrature-reversed' : 'quadrature';
  return parts.say('encoder', 'measured', 'it counted back while the belt ran forward', turned);
}

function delay(parts: Parts): number {
  const found = parts.results.delay;
  if (found === undefined) return parts.keep('delay', parts.context.old.delay);
  const value = Math.round(found.arrival.median - spreadOf(parts) - moveOf(parts));
  const moved = parts.results.response?.moveNs;
  const known =
    moved === null || moved === undefined ? 'the gate taken to move at once' : 'less the gate’s own movement';
  return parts.say('delay', 'measured', `when the part arrives, less its spread, ${known}`, Math.max(1, value));
}

function width(parts: Parts): number {
  const beam = parts.results.delay?.beam;
  if (beam === undefined || beam === null) return parts.keep('width', parts.context.old.width);
  const value = Math.round(beam.max + 2 * spreadOf(parts) + moveOf(parts));
  return parts.say('width', 'measured', 'how long the part is, and its spread before and after', Math.max(1, value));
}

function recovery(parts: Parts): number {
  const { results, units, context } = parts;
  const { moveNs = null, toConfirmNs = null } = results.response ?? {};
  const ns = moveNs ?? toConfirmNs?.max;
  if (ns === undefined || !units.known) return parts.keep('recovery', context.old.recovery);
  const why =
    moveNs === null
      ? 'no longer than gate and part together took to the sensor in the chute'
      : 'the gate goes back as fast as it goes out';
  return parts.say('recovery', 'assumed', why, Math.max(units.of(ns), 1));
}

function lead(parts: Parts): number {
  const { results, units, context } = parts;
  if (results.lateness === undefined || !units.known) return parts.keep('lead', context.old.lead);
  const value = units.of(Math.max(leastLeadNs, 3 * results.lateness.maxNs));
  return parts.say(
    'lead',
    'measured',
    'three times the worst lateness of this device, at least 5 ms',
    Math.max(1, value),
  );
}

function triggerDead(parts: Parts): number {
  const { results, context } = parts;
  const beam = results.delay?.beam;
  if (beam === undefined || beam === null) return parts.keep('triggerDead', context.old.triggerDead);
  const value = Math.round(beam.min / 2);
  return parts.say('triggerDead', 'assumed', 'half of a part', Math.max(value, alike(context.base) / 2));
}

function confirmation(parts: Parts): Calibration['confirmation'] {
  const { results, units, context } = parts;
  const seen = results.response?.toConfirmNs;
  const { confirmation: old } = context.old;
  if (old === undefined) return undefined;
  if (seen === undefined || seen === null || !units.known) return parts.keep('confirmation', old);
  const margin = Math.max(leastConfirmMarginNs, seen.median / 4);
  const from = Math.max(0, units.of(seen.min - margin));
  // The part may come to the gate as late as the pulse allows.
  const to = units.of(seen.max + margin) + 2 * Math.ceil(spreadOf(parts));
  return parts.say('confirmation', 'measured', 'from gate to sensor, a quarter earlier to a quarter later', {
    from,
    to,
  });
}

function reviewGate(parts: Parts): Calibration['reviewGate'] {
  const { results, context } = parts;
  const { reviewGate: old } = context.old;
  if (old === undefined) return undefined;
  const found = results.delay?.review;
  if (found === undefined || found === null) return parts.keep('reviewGate', old);
  const value = Math.round(found - spreadOf(parts) - moveOf(parts));
  return parts.say('reviewGate', 'measured', 'by the tape and the speed of the belt', { ...old, delay: value });
}

/** Twice the worst that was seen, at least a millisecond, in whole tenths of one. */
function lateUsOf({ lateness }: Results): number | null {
  return lateness === undefined ? null : Math.max(1000, Math.ceil((2 * lateness.maxNs) / 1e5) * 100);
}
