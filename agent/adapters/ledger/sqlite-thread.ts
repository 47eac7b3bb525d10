import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { LinegateError, messageOf } from '../../core/errors.ts';
import { isFull, openLocked } from './sqlite-file.ts';
import type { OutboxRequest, StoreReply, StoreRequest, ThreadData } from './sqlite-messages.ts';
import type { OutboxCalls } from './sqlite-outbox.ts';
import { SqliteStore } from './sqlite-store.ts';

/** The ledger's thread: an SD card can keep a commit waiting for hundreds of ms, which must not hold up the station. */
const { path, space } = workerData as ThreadData;
let store: SqliteStore | null = null;

function answer(request: StoreRequest): StoreReply {
  switch (request.kind) {
    case 'commit': {
      const seqs = reopened(request.session)?.commit(request.batch, request.entries);
      if (seqs === undefined) throw new LinegateError('ledger', `The ledger ${path} was closed by another program.`);
      return { kind: 'committed', seqs };
    }
    case 'outbox': {
      const current = reopened(request.session);
      if (current === null) throw new LinegateError('ledger', `The ledger ${path} was closed by another program.`);
      return { kind: 'outbox', value: called(current, request) };
    }
    case 'close':
      reopened(request.session)?.close(request.at);
      store = null;
      return { kind: 'closed' };
  }
}

function called(current: SqliteStore, { name, args }: OutboxRequest): ReturnType<OutboxCalls[keyof OutboxCalls]> {
  switch (name) {
    case 'state':
      return current.state();
    case 'read':
      return current.read(...args);
    case 'acknowledge':
      return current.acknowledge(...args);
    case 'hashAt':
      return current.hashAt(...args);
    case 'branch':
      return current.branch(...args);
    case 'fold':
      return current.fold(...args);
  }
}

/** The store of a session; null when that session was ended already. */
function reopened(session: number): SqliteStore | null {
  if (store !== null) return store;
  store = new SqliteStore(path, space, openLocked(path, randomUUID()));
  if (store.resume(session)) return store;
  letGo();
  return null;
}

function letGo(): void {
  store?.release();
  store = null;
}

/** The call was wrong, not the file. */
function isOurs(error: unknown): boolean {
  return error instanceof LinegateError && error.code === 'illegal-input';
}

parentPort?.on('message', (request: StoreRequest) => {
  let reply: StoreReply;
  try {
    reply = answer(request);
  } catch (error) {
    // A connection that met an I/O error is not to be trusted: the next request opens the file anew. A full disk is
    // waited for with the file open, since to open it takes space.
    if (!isFull(error) && !isOurs(error)) letGo();
    const code = error instanceof LinegateError ? error.code : 'ledger';
    reply = { kind: 'failed', code, message: messageOf(error) };
  }
  parentPort?.postMessage(reply);
});
