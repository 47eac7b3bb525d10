import type { GateRecord } from '../adapters/line/gatekeeper/records.ts';
import { type LinegateError, messageOf } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { keysOf } from './keys.ts';
import type { LatenessFigures } from './lateness.ts';
import { advance, type Effect, type Input, startWalk, stepFor, type Walk } from './machine.ts';
import type { Results } from './measure.ts';
import { type Proposal, propose } from './proposal.ts';
import { headOf, isNewHead, liveOf, summaryOf } from './screen.ts';
import { type Context, type StepId, stepIds } from './steps.ts';
import type { Terminal } from './terminal.ts';

/** The gatekeeper, as commissioning needs it. */
export interface GateLink {
  open(): Promise<void>;
  holdGate(gate: 1 | 2): void;
  close(): void;
}

export interface CommissionOptions {
  readonly context: Context;
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly only: StepId | undefined;
  readonly linkTo: (onRecord: (record: GateRecord) => void, onLost: (error: LinegateError) => void) => GateLink;
  readonly measureLateness: (signal: AbortSignal) => Promise<LatenessFigures>;
  /** What stands against this calibration; undefined when nothing. */
  readonly check: (proposal: Proposal) => string | undefined;
}

export interface Commissioned {
  /** Somebody said that it is to be written. */
  readonly write: boolean;
  readonly results: Results;
  readonly proposal: Proposal;
}

const refreshNs = 200e6;

/** Walks a technician through it, from the first step to the last key; writes nothing. */
export class Commission {
  readonly #options: CommissionOptions;
  readonly #link: GateLink;
  #walk: Walk;
  #shown: Walk | undefined;
  #settle: (error?: LinegateError) => void = () => {};
  #cancelRefresh: () => void = () => {};
  #lateness: AbortController | undefined;

  constructor(options: CommissionOptions) {
    this.#options = options;
    this.#walk = startWalk(options.context, options.only);
    this.#link = options.linkTo(
      (record) => this.#take({ kind: 'record', record }),
      (error) => this.#settle(error),
    );
  }

  /** Rejects with a LinegateError 'device' or 'bad-config' when the gatekeeper is not there, has an agent, or goes. */
  async run(): Promise<Commissioned> {
    const { terminal, context } = this.#options;
    const over = new Promise<void>((resolve, reject) => {
      this.#settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    over.catch(() => {});
    await this.#link.open();
    try {
      terminal.start(
        (chunk) => this.#keys(chunk),
        () => this.#key('interrupt'),
      );
      this.#begin();
      await over;
    } finally {
      // The gate first: whatever the terminal does.
      this.#link.close();
      this.#cancelRefresh();
      this.#lateness?.abort();
      terminal.stop();
    }
    const { phase, results } = this.#walk;
    return { write: phase.kind === 'ended' && phase.write, results, proposal: propose(results, context) };
  }

  #begin(): void {
    const { terminal, context, only } = this.#options;
    const left = (only === undefined ? stepIds : [only]).flatMap((id) => {
      const { title, without } = stepFor(id, context);
      return without === undefined ? [] : [`Left out: ${title}, for ${without}.`];
    });
    terminal.print(['Commissioning. Nothing is written before the end; ready is off meanwhile.', ...left]);
    this.#refresh();
  }

  #keys(chunk: string): void {
    for (const key of keysOf(chunk)) this.#key(key);
  }

  #key(key: string): void {
    this.#take({ kind: 'key', key, nowNs: this.#options.clock.nowNs() });
    this.#draw();
  }

  #take(input: Input): void {
    if (this.#walk.phase.kind === 'ended') return;
    const { context, check } = this.#options;
    const { walk, effects } = advance(this.#walk, input, context, (results) => check(propose(results, context)));
    this.#walk = walk;
    for (const effect of effects) this.#do(effect);
    if (walk.phase.kind === 'ended') this.#settle();
  }

  #do(effect: Effect): void {
    switch (effect.kind) {
      case 'hold-gate':
        this.#link.holdGate(effect.gate);
        break;
      case 'measure-lateness':
        this.#measure();
        break;
      case 'cancel-lateness':
        this.#lateness?.abort();
        break;
    }
  }

  #measure(): void {
    const lateness = new AbortController();
    this.#lateness = lateness;
    this.#options.measureLateness(lateness.signal).then(
      (figures) => this.#take({ kind: 'lateness', figures }),
      (error: unknown) => {
        if (!lateness.signal.aborted) this.#take({ kind: 'lateness-failed', message: messageOf(error) });
      },
    );
  }

  #refresh(): void {
    const { clock } = this.#options;
    this.#draw();
    this.#cancelRefresh = clock.at(clock.nowNs() + refreshNs, () => this.#refresh());
  }

  #draw(): void {
    const { terminal, context, clock } = this.#options;
    const walk = this.#walk;
    const nowNs = clock.nowNs();
    if (isNewHead(this.#shown, walk)) {
      const summary =
        walk.phase.kind === 'summary' ? summaryOf(walk.results, propose(walk.results, context), context, nowNs) : [];
      terminal.print([...headOf(walk, context), ...summary]);
    }
    this.#shown = walk;
    terminal.show(liveOf(walk, context, nowNs));
  }
}
