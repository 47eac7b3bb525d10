import type { Ranges } from '../ledger/ranges.ts';
import type { WireAck } from './protocol.ts';

/** What the station knows of its rows and the receiver's, whether they are connected or not. Times in ms of any clock. */
export interface Place {
  /** Begins the names of this process's hellos, so that an answer to another's is not taken for its own. */
  readonly name: string;
  /** Hellos said so far. */
  readonly hellos: number;
  readonly epoch: string;
  readonly lastSeq: number;
  /** All up to this one are durable at the receiver. */
  readonly ackedSeq: number;
  /** Those beyond `ackedSeq` that are, too. */
  readonly acked: Ranges;
  readonly refused: readonly Refused[];
  /** Batches that may be under way. */
  readonly credit: number;
  /** How long a batch waits for its ack. */
  readonly retryMs: number;
  /** Times that batches waited in vain, since the last ack. */
  readonly failures: number;
  /** New epochs since the last ack. */
  readonly branches: number;
}

/** Rows that the receiver did not take; they are tried again, more and more rarely. */
export interface Refused {
  readonly from: number;
  readonly to: number;
  readonly times: number;
  readonly untilMs: number;
}

/** A batch under way. */
export interface Flight {
  readonly from: number;
  readonly to: number;
  readonly sentMs: number;
  /** `ackedSeq` when it was sent: a receiver that answers it with less has lost rows. */
  readonly floor: number;
}

export interface Flowing {
  readonly kind: 'flowing';
  /** The most rows without a hole that the receiver told of since the hello; it cannot have all of more. */
  readonly contig: number;
  readonly flights: readonly Flight[];
  /** Number of the read that is under way; null when none is. */
  readonly reading: number | null;
  readonly reads: number;
  /** Since when rows wait to be sent; null when none do. */
  readonly waitingSinceMs: number | null;
  /** What waits is not to wait for more. */
  readonly urgent: boolean;
  /** After the outbox could not be read. */
  readonly notBeforeMs: number;
}

/** How far the talk with the receiver is. */
export type Link =
  | { readonly kind: 'offline' }
  /** A hello was said and is not answered yet. */
  | { readonly kind: 'greeting'; readonly id: string; readonly sentMs: number; readonly tries: number }
  /** The outbox begins a new epoch. */
  | { readonly kind: 'branching' }
  | Flowing;

export interface Window {
  readonly place: Place;
  readonly link: Link;
}

type At = { readonly nowMs: number };

export type WindowInput =
  | ({ readonly kind: 'connected' } & At)
  | { readonly kind: 'disconnected' }
  | ({ readonly kind: 'appended'; readonly lastSeq: number; readonly urgent: boolean } & At)
  | { readonly kind: 'ack'; readonly ack: WireAck }
  /** An ack with the station's own hash of the row `maxContig`, null when it is not known. */
  | ({ readonly kind: 'compared'; readonly ack: WireAck; readonly own: string | null } & At)
  /** A read was done and what it gave was sent. */
  | ({ readonly kind: 'sent'; readonly reading: number; readonly from: number; readonly to: number } & At)
  | ({ readonly kind: 'not-read'; readonly reading: number } & At)
  | ({ readonly kind: 'branched'; readonly epoch: string; readonly lastSeq: number; readonly ackedSeq: number } & At)
  | ({ readonly kind: 'not-branched' } & At)
  | ({ readonly kind: 'tick' } & At);

export type WindowCommand =
  | { readonly kind: 'hello'; readonly id: string }
  /** Look up the own hash of the row `maxContig` and give it back with `compared`. */
  | { readonly kind: 'compare'; readonly ack: WireAck }
  | { readonly kind: 'acknowledge'; readonly seq: number }
  | { readonly kind: 'branch'; readonly why: string }
  /** Read and send at most one batch of the rows after `after`, up to `to`. */
  | { readonly kind: 'read'; readonly reading: number; readonly after: number; readonly to: number }
  /** For a person, one plain sentence. */
  | {
      readonly kind: 'tell';
      readonly about: 'conflict' | 'refused' | 'rewound' | 'unanswered';
      readonly detail: string;
    };

export interface WindowStep {
  readonly window: Window;
  readonly commands: readonly WindowCommand[];
}

/** So many rows are sent at once, and fewer after this wait. */
export const groupRows = 100;
export const groupMs = 1000;
export const longestWaitMs = 60_000;
const firstHelloWaitMs = 2000;

export function helloWaitMs(tries: number): number {
  return Math.min(firstHelloWaitMs * 2 ** tries, longestWaitMs);
}

/** How long a batch waits for its ack: longer each time in vain. */
export function flightWaitMs({ retryMs, failures }: Place): number {
  return Math.min(retryMs * 2 ** Math.min(failures, 10), Math.max(longestWaitMs, retryMs));
}

/** When the next `tick` is due, perhaps a time that has passed; null when only something else can happen. */
export function wakeAtMs({ place, link }: Window, nowMs: number): number | null {
  if (link.kind === 'greeting') return link.sentMs + helloWaitMs(link.tries);
  if (link.kind !== 'flowing') return null;
  const waitMs = flightWaitMs(place);
  // A tick does away with a flight whose time has passed; the other times that have passed ask for nothing any more.
  const flights = link.flights.map(({ sentMs }) => sentMs + waitMs);
  const group = link.waitingSinceMs === null ? [] : [link.waitingSinceMs + groupMs];
  const others = [link.notBeforeMs, ...group, ...place.refused.map(({ untilMs }) => untilMs)];
  const times = [...flights, ...others.filter((atMs) => atMs > nowMs)];
  return times.length === 0 ? null : Math.min(...times);
}
