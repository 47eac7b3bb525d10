import type { Alarm, AlarmChange } from '../core/alarms/alarm.ts';
import { type AlarmBook, advanceBook, emptyBook, headroomOf } from '../core/alarms/book.ts';
import type { AlarmInput, AlarmLimits } from '../core/alarms/input.ts';
import { messageOf } from '../core/errors.ts';
import type { ClosedPart, PartId } from '../core/part-record.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { LineEvent } from '../ports/line.ts';
import { ClockWatch } from './clock-watch.ts';
import type { Observation, Observe } from './observation.ts';
import { eventRow } from './rows.ts';
import { readyInput } from './watch-line.ts';
import { partInput } from './watch-part.ts';

export interface WatchOptions {
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'append'>;
  readonly limits: AlarmLimits;
  /** Hears of alarms as they are raised and cleared. */
  readonly observe: Observe;
  /**
   * How long the ledger may keep a pass waiting on purpose, ms; null where its time is not the station's, so that waits for
   * the disk cannot be measured.
   */
  readonly flushMs: number | null;
}

const tickNs = 1e9;
/** Records whose way to the disk is timed at once; the ledger's queue is shorter. */
const mostTimed = 8192;

/** Watches the station and calls a person: from what it observes and what its devices say to alarms that stand. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #clockWatch: ClockWatch;
  /** When the records closed that are not durable yet, oldest first. */
  readonly #closedNs = new Map<PartId, number>();
  #book: AlarmBook = emptyBook;
  #stopped = false;
  #cancel: () => void = () => {};

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#clockWatch = new ClockWatch(options.clock);
  }

  /** Alarms that stand, oldest first. */
  get standing(): readonly Alarm[] {
    return this.#book.standing;
  }

  get facts(): AlarmBook['facts'] {
    return this.#book.facts;
  }

  /** Share of the time to the deadline that was left at the worst of the last hundred verdicts but one; null without. */
  get headroom(): number | null {
    return headroomOf(this.#book);
  }

  /** Looks at the clocks each second; the ledger must be open. */
  start(): void {
    const { clock } = this.#options;
    this.#cancel = clock.at(clock.nowNs() + tickNs, () => {
      this.#tick();
      this.start();
    });
  }

  /** What comes afterwards raises and clears nothing: a station that stops is no fault. May be called again. */
  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** Takes what the pipeline tells. */
  observe(observation: Observation): void {
    switch (observation.kind) {
      case 'line':
        this.#onLine(observation.event);
        break;
      case 'recorded':
        this.#onDurable(observation.record, observation.seq !== null);
        this.take(partInput(observation.record));
        break;
      case 'known':
        this.#closedNs.delete(observation.record.part);
        break;
      case 'broken':
        if (observation.part !== undefined) this.#closedNs.delete(observation.part);
        break;
      case 'finding':
        if (observation.finding.kind === 'unseen-part') this.take({ kind: 'unseen-part' });
        break;
      case 'alarm':
      case 'verdict':
      case 'picture-lost':
        break;
    }
  }

  /** Takes what a device, the ledger, the uplink or the housekeeping says of itself. Never throws, never waits. */
  take(input: AlarmInput): void {
    if (this.#stopped) return;
    const { clock, limits } = this.#options;
    const at = { nowMs: clock.nowNs() / 1e6, wallMs: clock.wallMs() };
    const { book, changes } = advanceBook(this.#book, input, limits, at);
    this.#book = book;
    for (const change of changes) this.#tell(change);
  }

  #tick(): void {
    const step = this.#clockWatch.look();
    if (step !== null) this.take({ kind: 'clock-step', byMs: step.afterWallMs - step.beforeWallMs });
    const oldestNs = this.#closedNs.values().next().value;
    if (oldestNs !== undefined) this.#commit(oldestNs, true);
    this.take({ kind: 'tick' });
  }

  #onLine(event: LineEvent): void {
    if (event.kind === 'closed' && this.#closedNs.size < mostTimed) this.#closedNs.set(event.part, event.atNs);
    if (event.kind === 'fault') this.take({ kind: 'line-fault', message: event.message });
    if (event.kind === 'ready') this.take(readyInput(event.on, event.why));
    if (event.kind === 'signal' && event.signal === 'bin-full') {
      this.take({ kind: 'bin', state: event.active ? 'full' : 'ok' });
    }
    if (event.kind === 'stop-line') {
      this.take({ kind: 'line-fault', message: `stopped at part ${event.part} by the rule ${event.reason}` });
    }
  }

  #onDurable(record: ClosedPart, durable: boolean): void {
    const { part, judgement } = record;
    const closedNs = this.#closedNs.get(part);
    this.#closedNs.delete(part);
    if (closedNs === undefined || !durable) return;
    this.#commit(closedNs, judgement.kind !== 'no-verdict' && judgement.verdict === 'pass');
  }

  /** `patient`: the ledger may have kept it waiting on purpose. */
  #commit(closedNs: number, patient: boolean): void {
    const { clock, flushMs } = this.#options;
    if (flushMs === null) return;
    this.take({ kind: 'commit', tookMs: (clock.nowNs() - closedNs) / 1e6 - (patient ? flushMs : 0) });
  }

  #tell(change: AlarmChange): void {
    const { clock, ledger, observe } = this.#options;
    const at = { nowNs: clock.nowNs(), wallMs: clock.wallMs() };
    const row = eventRow(change.change === 'raised' ? 'alarm-raised' : 'alarm-cleared', at, { ...change.alarm });
    ledger
      .append(row)
      .catch((error: unknown) => observe({ kind: 'broken', part: undefined, message: messageOf(error) }));
    observe({ kind: 'alarm', ...change });
  }
}
