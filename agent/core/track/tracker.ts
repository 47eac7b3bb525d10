import { LinegateError } from '../errors.ts';
import type { PartId, Verdict } from '../part-record.ts';
import { configure, type TrackerCalibration } from './calibration.ts';
import { readCounters, type TrackerCounters } from './counters.ts';
import { decodeEvent } from './decode.ts';
import type { TrackerEvent } from './events.ts';
import { instantiate, type TrackerExports } from './wasm.ts';

export type { TrackerCalibration } from './calibration.ts';
export type { TrackerCounters } from './counters.ts';
export type { TrackerEvent } from './events.ts';

/** Codes of track.h. */
const verdictCodes = { pass: 1, reject: 2, review: 3 } as const;

/**
 * The part tracker: decides when the reject gate moves. It is agent/native/track, the same C that runs beside the GPIO lines;
 * track.h there is its contract.
 *
 * Times are ns of one monotonic clock. Give it edges in the order in which they happened, then verdicts, then `tick` with the
 * present time; only `tick` makes the gate active. Ask `nextNs` again after every call. All methods throw a LinegateError
 * 'illegal-input' for a time that is not a number.
 */
export class Tracker {
  readonly #wasm: TrackerExports;
  readonly #memory: DataView;
  #events: TrackerEvent[] = [];

  private constructor(wasm: TrackerExports) {
    this.#wasm = wasm;
    this.#memory = new DataView(wasm.memory.buffer);
  }

  /** A tracker with its gate inactive. Throws a LinegateError 'bad-config' naming the field that is wrong. */
  static create(calibration: TrackerCalibration): Tracker {
    const wasm = instantiate();
    configure(wasm, calibration);
    return new Tracker(wasm);
  }

  /** An edge of the photo-eye: opens the next part, armed, unless it is a bounce. */
  trigger(atNs: number): void {
    this.#collect(this.#wasm.trigger(checkTime(atNs)));
  }

  /** The verdict that came at this time; the first one at or before the part's deadline counts. */
  verdict(part: PartId, verdict: Verdict, atNs: number): void {
    this.#collect(this.#wasm.verdict(part, verdictCodes[verdict], checkTime(atNs)));
  }

  /** An edge of the sensor in the reject chute. */
  confirm(atNs: number): void {
    this.#collect(this.#wasm.confirm(checkTime(atNs)));
  }

  /** Does all that is due. */
  tick(nowNs: number): void {
    this.#collect(this.#wasm.tick(checkTime(nowNs)));
  }

  /** Gate inactive at once, open parts closed as aborted; final. */
  stop(nowNs: number): void {
    this.#collect(this.#wasm.stop(checkTime(nowNs)));
  }

  /** Somebody at the line has seen to what stopped it: `stop-line` can be told again. */
  resume(): void {
    this.#wasm.resume();
  }

  /** When `tick` next has something to do; it may be in the past. */
  nextNs(): number | undefined {
    const next = this.#wasm.next();
    return next < 0 ? undefined : next;
  }

  /** What has happened since it was last called, oldest first. */
  drain(): TrackerEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** What has happened since the start, in numbers. */
  counters(): TrackerCounters {
    return readCounters(this.#memory, this.#wasm.counters());
  }

  /** The module's own ring of events is bounded for one call, so it is emptied after each. */
  #collect(waiting: number): void {
    for (let i = 0; i < waiting; i++) this.#events.push(decodeEvent(this.#memory, this.#wasm.take()));
  }
}

function checkTime(ns: number): number {
  if (Number.isFinite(ns)) return ns;
  throw new LinegateError('illegal-input', `The tracker was given the time ${ns} ns; it must be a finite number.`);
}
