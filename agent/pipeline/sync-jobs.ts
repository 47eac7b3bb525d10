import type { WindowCommand } from '../core/sync/window-state.ts';

/** A command that needs the outbox, which answers later. */
export type Job = Exclude<WindowCommand, { kind: 'tell' }>;

/** The order in which they are done: a hello tells of the new epoch, and that begins after the last acknowledged row. */
const order: readonly Job['kind'][] = ['compare', 'acknowledge', 'branch', 'hello', 'read'];

/** What is to be asked of the outbox, one at a time. Of each kind the newest counts, so it is bounded. */
export class Jobs {
  readonly #waiting = new Map<Job['kind'], Job>();
  readonly #work: (job: Job) => Promise<void>;
  #busy = false;

  /** `work` must not reject. */
  constructor(work: (job: Job) => Promise<void>) {
    this.#work = work;
  }

  add(job: Job): void {
    this.#waiting.set(job.kind, job);
    if (!this.#busy) void this.#run();
  }

  clear(): void {
    this.#waiting.clear();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let job = this.#next(); job !== undefined; job = this.#next()) await this.#work(job);
    this.#busy = false;
  }

  #next(): Job | undefined {
    const kind = order.find((one) => this.#waiting.has(one));
    if (kind === undefined) return undefined;
    const job = this.#waiting.get(kind);
    this.#waiting.delete(kind);
    return job;
  }
}
