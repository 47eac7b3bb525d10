import type { Clock } from '../../ports/clock.ts';
import { type DueEvent, EventHeap } from './event-heap.ts';

/** Where a virtual clock starts. */
export interface VirtualStart {
  /** Monotonic ns; 0 when left out. */
  readonly nowNs?: number;
  /** Ms since 1970; 2025-01-01 when left out, so that runs repeat exactly. */
  readonly wallMs?: number;
}

/** The process gets its turn (timers, sockets, threads) after so many moments; each turn costs as much as many moments. */
const momentsATurn = 64;

const START_OF_2025_MS = 1_735_689_600_000;

/**
 * Time that jumps from one event to the next. Between two moments all promise continuations run, and while real work is
 * held (`hold`) it stands still, so a run with the same input repeats exactly.
 */
export class VirtualClock implements Clock {
  readonly #heap = new EventHeap();
  #wallAtZeroMs: number;
  #nowNs: number;
  #order = 0;
  #held = 0;
  #moments = 0;
  #released: (() => void) | undefined;

  constructor(start: VirtualStart = {}) {
    this.#nowNs = start.nowNs ?? 0;
    this.#wallAtZeroMs = (start.wallMs ?? START_OF_2025_MS) - this.#nowNs / 1e6;
  }

  nowNs(): number {
    return this.#nowNs;
  }

  wallMs(): number {
    return Math.floor(this.#wallAtZeroMs + this.#nowNs / 1e6);
  }

  /** Sets the wall clock forward, or back, as somebody or the network's time would. */
  stepWall(ms: number): void {
    this.#wallAtZeroMs += ms;
  }

  /** A time that has passed means "as soon as this moment's other events are done". */
  at(atNs: number, action: () => void): () => void {
    const event: DueEvent = { atNs: Math.max(atNs, this.#nowNs), order: this.#order++, action };
    this.#heap.push(event);
    return () => {
      event.action = undefined;
    };
  }

  /** Time stands still until `work`, which runs in real time, has settled. Returns `work`. */
  hold<T>(work: Promise<T>): Promise<T> {
    this.#held++;
    const release = (): void => {
      this.#held--;
      if (this.#held === 0) this.#released?.();
    };
    work.then(release, release);
    return work;
  }

  /** Runs events in order until `done` says so, or until no event and no held work is left. One call at a time. */
  async run(done: () => boolean = () => false): Promise<void> {
    await this.#settle();
    while (!done()) {
      const atNs = this.#nextNs();
      if (atNs === undefined) return;
      this.#nowNs = atNs;
      this.#runDue(atNs);
      await this.#settle();
    }
  }

  #nextNs(): number | undefined {
    for (let event = this.#heap.first(); event !== undefined; event = this.#heap.first()) {
      if (event.action !== undefined) return event.atNs;
      this.#heap.shift();
    }
    return undefined;
  }

  /** Events that these ones ask for, even for the same moment, wait until promises have settled. */
  #runDue(atNs: number): void {
    const newer = this.#order;
    for (let event = this.#heap.first(); event !== undefined; event = this.#heap.first()) {
      if (event.atNs > atNs || event.order >= newer) return;
      this.#heap.shift();
      const { action } = event;
      event.action = undefined;
      action?.();
    }
  }

  async #settle(): Promise<void> {
    this.#moments += 1;
    if (this.#moments % momentsATurn === 0) await turn();
    // A tick comes when no promise has anything left to do; the second one is for work that waited for a tick itself.
    await tick();
    await tick();
    while (this.#held > 0) {
      await new Promise<void>((resolve) => {
        this.#released = resolve;
      });
      await turn();
    }
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
