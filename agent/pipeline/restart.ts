import type { Ledger } from '../ports/ledger.ts';
import type { Line, LineEvent } from '../ports/line.ts';
import type { ResumeOrder } from '../ports/status.ts';
import type { Observation, Observe } from './observation.ts';
import { noLineToResume } from './resume.ts';
import type { Station } from './station.ts';

/** A line that outlives the agent. */
export interface OutlivingLine extends Line {
  /** From now on nobody listens; `start` gives it a listener again. */
  detach(): void;
}

/** A ledger that can end as the death of its process would end it. */
export interface MortalLedger extends Ledger {
  abandon(): Promise<void>;
}

/** One life of the agent. */
export interface Life {
  readonly station: Station;
  readonly ledger: MortalLedger;
}

/** What a life is given: once it is dead, nothing that it does reaches the line or whoever watches any more. */
export interface LifeLines {
  readonly line: Line;
  readonly observe: Observe;
}

export interface RestartableParts {
  readonly line: OutlivingLine;
  readonly observe: Observe;
  /** Makes an agent that has not been started. */
  readonly make: (lines: LifeLines) => Life;
}

/** Ledgers close in virtual time too: longer than a disk is full. */
const closeTimeoutMs = 60_000;

type State =
  | { readonly kind: 'down' }
  | { readonly kind: 'starting'; readonly started: Promise<void> }
  | { readonly kind: 'up'; readonly life: Life; readonly cut: Cut };

interface Cut {
  done: boolean;
}

/** An agent that dies and is born again within one process, while its line runs on: for simulations. */
export class RestartableStation {
  readonly #parts: RestartableParts;
  #state: State = { kind: 'down' };

  constructor(parts: RestartableParts) {
    this.#parts = parts;
  }

  get isUp(): boolean {
    return this.#state.kind === 'up';
  }

  /** Starts the first life, or the next one after `kill`. Rejects as ledger and line do. */
  async start(): Promise<void> {
    if (this.#state.kind === 'up') return;
    if (this.#state.kind === 'down') this.#state = { kind: 'starting', started: this.#start() };
    if (this.#state.kind === 'starting') await this.#state.started;
  }

  /** The agent is dead at once, whatever it was doing. False when there is none that lives. */
  kill(): boolean {
    const state = this.#state;
    if (state.kind !== 'up') return false;
    this.#state = { kind: 'down' };
    state.cut.done = true;
    this.#parts.line.detach();
    void state.life.ledger.abandon();
    return true;
  }

  /** As the station of the life that is. */
  async resume(order: ResumeOrder): Promise<string> {
    if (this.#state.kind === 'up') return this.#state.life.station.resume(order);
    throw noLineToResume();
  }

  /** Stops the line and closes the ledger in order; a dead agent is started for that, so that every part has its record. */
  async stop(): Promise<void> {
    await this.start();
    if (this.#state.kind !== 'up') return;
    const { station, ledger } = this.#state.life;
    await station.stop();
    await ledger.close(closeTimeoutMs);
  }

  async #start(): Promise<void> {
    const { line, observe, make } = this.#parts;
    const cut: Cut = { done: false };
    const life = make({
      line: cutLine(line, cut),
      observe: (observation: Observation) => {
        if (!cut.done) observe(observation);
      },
    });
    try {
      const opening = await life.ledger.open();
      // The line tells of parts at once: from here on the life can be killed.
      this.#state = { kind: 'up', life, cut };
      await life.station.start(opening);
    } catch (error) {
      this.#state = { kind: 'down' };
      throw error;
    }
  }
}

/** The line, as long as the life lasts. */
function cutLine(line: Line, cut: Cut): Line {
  return {
    async start(firstPart, listener) {
      if (cut.done) return;
      const listen = (event: LineEvent): void => {
        if (!cut.done) listener(event);
      };
      await line.start(firstPart, listen);
    },
    resolve(part, verdict) {
      if (!cut.done) line.resolve(part, verdict);
    },
    acknowledge(part) {
      if (!cut.done) line.acknowledge(part);
    },
    resume: (beltEmpty) => !cut.done && line.resume(beltEmpty),
    async stop() {
      if (!cut.done) await line.stop();
    },
  };
}
