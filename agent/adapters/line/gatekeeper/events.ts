import type { PartId } from '../../../core/part-record.ts';
import type { LineEvent } from '../../../ports/line.ts';
import type { GateRecord } from './records.ts';

type Fault = Extract<GateRecord, { kind: 'fault' }>;
type Input = Extract<GateRecord, { kind: 'input' }>;

/** Inputs that are told and never acted for. */
export type WatchedInput = 'bin-full' | 'estop-status';

/** Turns the gatekeeper's records into what a line tells. */
export class Events {
  readonly #watched: readonly WatchedInput[];
  readonly #base: 'time' | 'encoder';
  /** The part with which each gate's pulse began. */
  readonly #pulses: Record<1 | 2, PartId> = { 1: 0, 2: 0 };

  /** `watched`: the gatekeeper tells the level of the others too, which are not there. */
  constructor(watched: readonly WatchedInput[], base: 'time' | 'encoder') {
    this.#watched = watched;
    this.#base = base;
  }

  /** The event of a record with these counts; undefined where the station has nothing to do with it. */
  of(record: GateRecord, counts: number): LineEvent | undefined {
    const event = this.#event(record);
    // Of an interrupted part the counts are those of now, and an encoder's are where the belt is.
    if (this.#base === 'time' || event === undefined || event.kind === 'interrupted' || event.kind === 'encoder') {
      return event;
    }
    return { ...event, beltCounts: counts };
  }

  #event(record: GateRecord): LineEvent | undefined {
    switch (record.kind) {
      case 'hello':
      case 'attached':
      case 'refused':
      case 'hold-denied':
        return undefined;
      case 'ready':
        return { kind: 'ready', on: record.on, why: record.doubts, atNs: record.atNs };
      case 'input':
        return this.#input(record);
      case 'fault':
        return eventOfFault(record);
      case 'gate':
        return this.#gate(record);
      case 'missed-pulse': {
        const { gate: _gate, ...missed } = record;
        return missed;
      }
      default:
        return record;
    }
  }

  #input({ input, active, atNs, backCounts }: Input): LineEvent | undefined {
    switch (input) {
      case 'bin-full':
      case 'estop-status':
        return this.#watched.includes(input) ? { kind: 'signal', signal: input, active, atNs } : undefined;
      case 'part-at-gate':
        if (!active) return undefined;
        return backCounts === 0 ? { kind: 'at-gate', atNs } : { kind: 'at-gate-again', backCounts, atNs };
      default:
        return undefined;
    }
  }

  /** A pulse that was cut short ends with the part that it began with. */
  #gate({ gate, ...event }: Extract<GateRecord, { kind: 'gate' }>): LineEvent | undefined {
    if (event.state === 'active') this.#pulses[gate] = event.part;
    const part = event.part === 0 ? this.#pulses[gate] : event.part;
    return { ...event, kind: gate === 1 ? 'gate' : 'review-gate', part };
  }
}

type Missed = Extract<LineEvent, { kind: 'missed-pulse' }>;

/** An alarm for a part that was to be ejected and has gone on. */
export function faultOfMissed({ part, atNs }: Missed): LineEvent {
  const message = `Part ${part} was to be ejected and has passed the gate: take it out. The device is overloaded, or the gatekeeper has no real-time priority.`;
  return { kind: 'fault', message, atNs };
}

function eventOfFault({ fault, value, atNs }: Fault): LineEvent | undefined {
  // What comes back is told by the doubts that go.
  if (fault === 'chip-back') return undefined;
  return { kind: 'fault', message: sentence(fault, value), atNs };
}

function sentence(fault: Exclude<Fault['fault'], 'chip-back'>, value: number): string {
  switch (fault) {
    case 'chip-lost':
      return 'The GPIO chip is gone: look at its cable; the gatekeeper claims it again by itself.';
    case 'edges-lost':
      return 'Edges of an input were lost: they come faster than this device can take them, or the input bounces.';
    case 'gate-too-long':
      return `Gate ${value} was active for too long and was de-energised: the belt stood while it ejected.`;
    case 'pulse-dropped':
      return 'A pulse for the strobe or the camera was dropped: parts come faster than its delay and width allow.';
    case 'trigger-late':
      return `An edge of the photo-eye came ${value} ns or counts too late to be placed rightly: the device is overloaded.`;
    case 'gate-late':
      return `A gate moved ${(value / 1e6).toFixed(2)} ms too late: the device is overloaded, or the gatekeeper has no real-time priority.`;
    case 'ring-damaged':
      return `The gatekeeper's ring had ${value} damaged records: what became of those parts is not known.`;
  }
}
