import type { ErrorCode } from '../../core/errors.ts';
import type { Entry, Moment } from '../../core/ledger/row.ts';
import type { OutboxCalls } from './sqlite-outbox.ts';
import type { SpaceOptions } from './sqlite-store.ts';

/** What the ledger's thread is started with. */
export interface ThreadData {
  readonly path: string;
  readonly space: SpaceOptions;
}

/** What it is asked, and answers in the same order. `session`: the one to go on with, which another thread has begun. */
export type StoreRequest =
  | { readonly kind: 'commit'; readonly session: number; readonly batch: number; readonly entries: readonly Entry[] }
  | OutboxRequest
  | { readonly kind: 'close'; readonly session: number; readonly at: Moment };

/** A call to the outbox: the name of a method and what it takes. */
export type OutboxRequest = {
  [Name in keyof OutboxCalls]: {
    readonly kind: 'outbox';
    readonly session: number;
    readonly name: Name;
    readonly args: Parameters<OutboxCalls[Name]>;
  };
}[keyof OutboxCalls];

/** What it answers. */
export type StoreReply =
  | { readonly kind: 'committed'; readonly seqs: readonly number[] }
  | { readonly kind: 'outbox'; readonly value: ReturnType<OutboxCalls[keyof OutboxCalls]> }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };
