import type { Verdict } from '../../part-record.ts';
import { Tracker, type TrackerCalibration, type TrackerEvent } from '../tracker.ts';

/** One call on the tracker; times may go backwards, as those of a careless host would. */
export type Call =
  | { readonly call: 'trigger' | 'confirm' | 'tick' | 'stop'; readonly atNs: number }
  | { readonly call: 'verdict'; readonly atNs: number; readonly part: number; readonly verdict: Verdict }
  | { readonly call: 'resume' };

/** A call that was really made, with what it brought; `atNs` is the time that the tracker took for it. */
export interface Played {
  readonly call: Call;
  readonly atNs: number;
  readonly events: readonly TrackerEvent[];
}

function make(tracker: Tracker, call: Call): void {
  if (call.call === 'verdict') tracker.verdict(call.part, call.verdict, call.atNs);
  else if (call.call === 'resume') tracker.resume();
  else tracker[call.call](call.atNs);
}

/**
 * Makes the calls one after another. `punctual`: in between, and afterwards, it ticks exactly when the tracker asks for it.
 * Otherwise only the ticks among the calls are made, and one at the very end.
 */
export function play(calibration: TrackerCalibration, calls: readonly Call[], punctual: boolean): Played[] {
  const tracker = Tracker.create(calibration);
  const played: Played[] = [];
  let nowNs = 0;
  const act = (call: Call): void => {
    if (call.call !== 'resume') nowNs = Math.max(nowNs, call.atNs);
    make(tracker, call);
    played.push({ call, atNs: nowNs, events: tracker.drain() });
  };
  const tickBefore = (atNs: number): void => {
    for (let next = tracker.nextNs(); next !== undefined && next < atNs; next = tracker.nextNs()) {
      act({ call: 'tick', atNs: next });
    }
  };
  for (const call of calls) {
    if (punctual && call.call !== 'resume') tickBefore(call.atNs);
    act(call);
  }
  if (punctual) tickBefore(Number.POSITIVE_INFINITY);
  else act({ call: 'tick', atNs: nowNs + 1_000_000 });
  return played;
}

/** All events of one kind, in order. */
export function eventsOf<Kind extends TrackerEvent['kind']>(
  played: readonly Played[],
  kind: Kind,
): Extract<TrackerEvent, { kind: Kind }>[] {
  const isOfKind = (event: TrackerEvent): event is Extract<TrackerEvent, { kind: Kind }> => event.kind === kind;
  return played.flatMap(({ events }) => events.filter(isOfKind));
}

/** A span of time in which the gate was active, or is to be: from, inclusive, to, exclusive. */
export interface Pulse {
  readonly fromNs: number;
  readonly toNs: number;
}

/** When the gate was active. */
export function pulsesOf(played: readonly Played[]): Pulse[] {
  const pulses: Pulse[] = [];
  let fromNs: number | undefined;
  for (const { state, atNs } of eventsOf(played, 'gate')) {
    if (state === 'active') fromNs = atNs;
    else if (fromNs !== undefined) {
      pulses.push({ fromNs, toNs: atNs });
      fromNs = undefined;
    }
  }
  return pulses;
}
