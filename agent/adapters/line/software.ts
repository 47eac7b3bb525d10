import type { PartId, Verdict } from '../../core/part-record.ts';
import type { TrackerCalibration } from '../../core/track/calibration.ts';
import type { TrackerEvent } from '../../core/track/events.ts';
import { Tracker } from '../../core/track/tracker.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Gate } from '../../ports/gate.ts';
import type { Journal } from '../../ports/journal.ts';
import type { Line, LineEvent } from '../../ports/line.ts';
import type { TriggerSource } from '../../ports/trigger.ts';

/** What the line is made of. */
export interface SoftwareLineParts {
  readonly clock: Clock;
  readonly trigger: TriggerSource;
  readonly gate: Gate;
  /** Opened by the line; closed by its owner, when the last record has been acknowledged. */
  readonly journal: Journal;
  readonly calibration: Omit<TrackerCalibration, 'firstPart'>;
}

/**
 * The tracker inside the agent's own process, for a desk, a folder of pictures or a first try on an old kernel. Its gate is
 * as late as the event loop is, and nothing acts when the process dies: a line that must not fail needs the gatekeeper.
 */
export class SoftwareLine implements Line {
  readonly #parts: SoftwareLineParts;
  #tracker: Tracker | undefined;
  #listener: (event: LineEvent) => void = () => {};
  #cancelTimer: () => void = () => {};
  #openParts = 0;
  #ending = false;
  #onEmpty: () => void = () => {};

  /** Settles when no part will come any more and the last one has closed. */
  readonly finished: Promise<void>;

  constructor(parts: SoftwareLineParts) {
    this.#parts = parts;
    this.finished = new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  async start(firstPart: PartId, listener: (event: LineEvent) => void): Promise<void> {
    const { journal, gate, trigger, calibration } = this.#parts;
    this.#listener = listener;
    const before = journal.open();
    this.#tracker = Tracker.create({ ...calibration, firstPart: Math.max(firstPart, before.lastPart + 1) });
    for (const { part, atNs } of before.open) listener({ kind: 'interrupted', part, atNs });
    await gate.start();
    await trigger.start((atNs) => this.#act((tracker) => tracker.trigger(atNs)));
  }

  resolve(part: PartId, verdict: Verdict): void {
    this.#act((tracker, nowNs) => tracker.verdict(part, verdict, nowNs));
  }

  acknowledge(part: PartId): void {
    this.#parts.journal.acknowledged(part);
  }

  /** It has no ready: what ends is that a stop was told. */
  resume(): boolean {
    this.#tracker?.resume();
    return this.#tracker !== undefined;
  }

  /** Takes no more triggers; `finished` settles when the parts on the belt have passed. */
  async endOfBatch(): Promise<void> {
    await this.#parts.trigger.stop();
    this.#ending = true;
    this.#settleWhenEmpty();
  }

  async stop(): Promise<void> {
    await this.#parts.trigger.stop();
    this.#act((tracker, nowNs) => tracker.stop(nowNs));
    this.#cancelTimer();
    this.#tracker = undefined;
    await this.#parts.gate.stop();
  }

  #act(input: (tracker: Tracker, nowNs: number) => void): void {
    if (this.#tracker === undefined) return;
    const nowNs = this.#parts.clock.nowNs();
    input(this.#tracker, nowNs);
    this.#tracker.tick(nowNs);
    for (const event of this.#tracker.drain()) {
      this.#follow(event);
      this.#listener(event);
    }
    this.#settleWhenEmpty();
    this.#arm();
  }

  #follow(event: TrackerEvent): void {
    if (event.kind === 'trigger') {
      this.#openParts += 1;
      this.#parts.journal.triggered(event.part, event.atNs);
    }
    if (event.kind === 'closed') this.#openParts -= 1;
    if (event.kind === 'gate') this.#parts.gate.set(event.state);
  }

  #settleWhenEmpty(): void {
    if (this.#ending && this.#openParts === 0) this.#onEmpty();
  }

  #arm(): void {
    this.#cancelTimer();
    const nextNs = this.#tracker?.nextNs();
    this.#cancelTimer = nextNs === undefined ? () => {} : this.#parts.clock.at(nextNs, () => this.#act(() => {}));
  }
}
