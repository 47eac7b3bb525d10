import type { ErrorCode } from '../../core/errors.ts';
import type { Entry, Moment } from '../../core/ledger/row.ts';
import type { LedgerOpening } from '../../ports/ledger.ts';
import type { SessionStart } from './store.ts';

/** What the ledger's thread is started with. */
export interface ThreadData {
  readonly path: string;
}

/** What it is asked, one at a time. `session`: the one to go on with when the thread before this one died. */
export type StoreRequest =
  | { readonly kind: 'begin'; readonly start: SessionStart }
  | { readonly kind: 'commit'; readonly session: number; readonly batch: number; readonly entries: readonly Entry[] }
  | { readonly kind: 'close'; readonly session: number; readonly at: Moment };

/** What it answers. */
export type StoreReply =
  | { readonly kind: 'begun'; readonly opening: LedgerOpening; readonly session: number }
  | { readonly kind: 'committed'; readonly seqs: readonly number[] }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };
