import { Worker } from 'node:worker_threads';
import { siblingEntry } from '../../core/entry.ts';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { Entry, Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import type { OutboxPage, OutboxState } from '../../ports/outbox.ts';
import type { OutboxRequest, StoreReply, StoreRequest, ThreadData } from './sqlite-messages.ts';
import type { OutboxCalls } from './sqlite-outbox.ts';
import type { SpaceOptions, SqliteStore } from './sqlite-store.ts';
import type { FoldOptions, LedgerStore, PageLimit, SessionStart } from './store.ts';

interface Question {
  readonly resolve: (reply: StoreReply) => void;
  readonly reject: (error: LinegateError) => void;
}

/**
 * A store in a thread of its own, which is started with the first rows, and again when it dies. The session is begun by the
 * caller's thread, which has nothing else to do then: a thread takes far longer to start than a ledger to open.
 */
export class ThreadStore implements LedgerStore {
  readonly #path: string;
  readonly #space: SpaceOptions;
  #session = 0;
  #unlock: (() => void) | undefined;
  /** Open until the thread has the file open as well: who closes it last would copy the log, which takes the disk its time. */
  #begun: SqliteStore | undefined;
  #worker: Worker | null = null;
  /** What was asked and not answered yet, in the order of asking: the thread keeps it. */
  readonly #questions: Question[] = [];

  constructor(path: string, space: SpaceOptions = {}) {
    this.#path = path;
    this.#space = space;
  }

  async open(start: SessionStart): Promise<LedgerOpening> {
    const { beginSession } = await import('./sqlite-begin.ts');
    const { unlock, store, opening } = beginSession(this.#path, this.#space, start);
    this.#unlock = unlock;
    this.#begun = store;
    this.#session = store.session;
    return opening;
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
    this.#letGo();
    this.#unlock?.();
  }

  async state(): Promise<OutboxState> {
    return this.#begun?.state() ?? (await this.#call('state', []));
  }

  read(afterSeq: number, limit: PageLimit): Promise<OutboxPage> {
    return this.#call('read', [afterSeq, limit]);
  }

  acknowledge(seq: number): Promise<void> {
    return this.#call('acknowledge', [seq]);
  }

  hashAt(seq: number): Promise<string | null> {
    return this.#call('hashAt', [seq]);
  }

  branch(why: string, at: Moment): Promise<OutboxState> {
    return this.#call('branch', [why, at]);
  }

  fold(options: FoldOptions, at: Moment): Promise<number> {
    return this.#call('fold', [options, at]);
  }

  async #call<Name extends keyof OutboxCalls>(
    name: Name,
    args: Parameters<OutboxCalls[Name]>,
  ): Promise<ReturnType<OutboxCalls[Name]>> {
    const reply = await this.#ask({ kind: 'outbox', session: this.#session, name, args } as OutboxRequest);
    if (reply.kind !== 'outbox') throw this.#unexpected(reply);
    return reply.value as ReturnType<OutboxCalls[Name]>;
  }

  async #ask(request: StoreRequest): Promise<StoreReply> {
    const worker = this.#worker ?? this.#startThread();
    // An idle ledger must not keep a process alive that has nothing else to do.
    worker.ref();
    try {
      const reply = await new Promise<StoreReply>((resolve, reject) => {
        this.#questions.push({ resolve, reject });
        worker.postMessage(request);
      });
      this.#letGo();
      if (reply.kind === 'failed') throw new LinegateError(reply.code, reply.message);
      return reply;
    } finally {
      if (this.#questions.length === 0) worker.unref();
    }
  }

  #letGo(): void {
    this.#begun?.release();
    this.#begun = undefined;
  }

  #startThread(): Worker {
    const workerData: ThreadData = { path: this.#path, space: this.#space };
    const worker = new Worker(siblingEntry(import.meta.url, './sqlite-thread.ts'), { workerData });
    let reason = 'it was stopped';
    worker.on('message', (reply: StoreReply) => this.#questions.shift()?.resolve(reply));
    worker.on('error', (error) => {
      reason = messageOf(error);
    });
    worker.on('exit', () => {
      this.#worker = null;
      const what = `The thread that writes the ledger ${this.#path} ended (${reason})`;
      const error = new LinegateError('ledger', `${what}; it is started again.`);
      for (const { reject } of this.#questions.splice(0)) reject(error);
    });
    this.#worker = worker;
    return worker;
  }

  #unexpected(reply: StoreReply): LinegateError {
    return new LinegateError('ledger', `The thread of the ledger ${this.#path} answered out of turn (${reply.kind}).`);
  }
}
