import { Worker } from 'node:worker_threads';
import { siblingEntry } from '../../core/entry.ts';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { Entry, Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import type { StoreReply, StoreRequest, ThreadData } from './sqlite-messages.ts';
import type { LedgerStore, SessionStart } from './store.ts';

interface Question {
  readonly resolve: (reply: StoreReply) => void;
  readonly reject: (error: LinegateError) => void;
}

/** A store in a thread of its own, which is started again when it dies. */
export class ThreadStore implements LedgerStore {
  readonly #path: string;
  #session = 0;
  #worker: Worker | null = null;
  #question: Question | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  async open(start: SessionStart): Promise<LedgerOpening> {
    const reply = await this.#ask({ kind: 'begin', start }).catch(async (error: unknown) => {
      await this.abandon();
      throw error;
    });
    if (reply.kind !== 'begun') throw this.#unexpected(reply);
    this.#session = reply.session;
    return reply.opening;
  }

  async commit(batch: number, entries: readonly Entry[]): Promise<readonly number[]> {
    const reply = await this.#ask({ kind: 'commit', session: this.#session, batch, entries });
    if (reply.kind !== 'committed') throw this.#unexpected(reply);
    return reply.seqs;
  }

  async close(at: Moment): Promise<void> {
    const reply = await this.#ask({ kind: 'close', session: this.#session, at });
    if (reply.kind !== 'closed') throw this.#unexpected(reply);
    await this.abandon();
  }

  async abandon(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #ask(request: StoreRequest): Promise<StoreReply> {
    const worker = this.#worker ?? this.#startThread();
    // An idle ledger must not keep a process alive that has nothing else to do.
    worker.ref();
    try {
      const reply = await new Promise<StoreReply>((resolve, reject) => {
        this.#question = { resolve, reject };
        worker.postMessage(request);
      });
      if (reply.kind === 'failed') throw new LinegateError(reply.code, reply.message);
      return reply;
    } finally {
      this.#question = null;
      worker.unref();
    }
  }

  #startThread(): Worker {
    const workerData: ThreadData = { path: this.#path };
    const worker = new Worker(siblingEntry(import.meta.url, './sqlite-thread.ts'), { workerData });
    let reason = 'it was stopped';
    worker.on('message', (reply: StoreReply) => this.#question?.resolve(reply));
    worker.on('error', (error) => {
      reason = messageOf(error);
    });
    worker.on('exit', () => {
      this.#worker = null;
      const what = `The thread that writes the ledger ${this.#path} ended (${reason})`;
      this.#question?.reject(new LinegateError('ledger', `${what}; it is started again.`));
    });
    this.#worker = worker;
    return worker;
  }

  #unexpected(reply: StoreReply): LinegateError {
    return new LinegateError('ledger', `The thread of the ledger ${this.#path} answered out of turn (${reply.kind}).`);
  }
}
