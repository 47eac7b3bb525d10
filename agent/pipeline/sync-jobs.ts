import type { WindowCommand } from '../core/sync/window-state.ts';
import { limits } from '../core/sync/wire.ts';

/** A command that needs the outbox, which answers later. */
export type Job = Exclude<WindowCommand, { kind: 'tell' }>;

/** The order in which they are done: a hello tells of the new epoch, and that begins after the last acknowledged row. */
const order: readonly Job['kind'][] = ['acknowledge', 'branch', 'hello', 'read'];

/** More acks than may be under way at once are too many to look up; one that is left out comes again. */
const mostCompares = 2 * limits.credit;

/** What is to be asked of the outbox, one at a time. Acks wait in line; of the other kinds the newest counts. */
export class Jobs {
  readonly #waiting = new Map<Job['kind'], Job>();
  readonly #work: (job: Job) => Promise<void>;
  #compares: readonly Job[] = [];
  #busy = false;

  /** `work` must not reject. */
  constructor(work: (job: Job) => Promise<void>) {
    this.#work = work;
  }

  add(job: Job): void {
    if (job.kind !== 'compare') this.#waiting.set(job.kind, job);
    else if (this.#compares.length < mostCompares) this.#compares = [...this.#compares, job];
    if (!this.#busy) void this.#run();
  }

  clear(): void {
    this.#waiting.clear();
    this.#compares = [];
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let job = this.#next(); job !== undefined; job = this.#next()) await this.#work(job);
    this.#busy = false;
  }

  #next(): Job | undefined {
    const [compare, ...later] = this.#compares;
    this.#compares = later;
    if (compare !== undefined) return compare;
    const kind = order.find((one) => this.#waiting.has(one));
    if (kind === undefined) return undefined;
    const job = this.#waiting.get(kind);
    this.#waiting.delete(kind);
    return job;
  }
}
