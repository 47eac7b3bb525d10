import { highestOf, type Range, type Ranges, without, withRange, withRanges } from '../ledger/ranges.ts';
import type { WireAck, WireReject } from './protocol.ts';
import {
  type Flight,
  type Flowing,
  flightWaitMs,
  groupMs,
  groupRows,
  helloWaitMs,
  longestWaitMs,
  type Place,
  type Refused,
  type Window,
  type WindowCommand,
  type WindowInput,
  type WindowStep,
} from './window-state.ts';
import { limits } from './wire.ts';

/** Batches that wait in vain so often make the station say hello again: the receiver may be another one by now. */
const failuresToGreet = 3;
/** More new epochs than this without an ack do not help; a person must look. */
const mostBranches = 3;
/** With so many refused ranges nothing new is sent until they are taken. */
const mostRefused = 16;
const corruptResends = 3;
/** Hellos in vain, 14 s, after which a person hears of it. */
const silentHellos = 3;
const readPauseMs = 1000;

/** The window of a station that begins. `name` is new with each process. */
export function newWindow(
  name: string,
  { epoch, lastSeq, ackedSeq }: { readonly epoch: string; readonly lastSeq: number; readonly ackedSeq: number },
): Window {
  const place: Place = {
    ...{ name, hellos: 0, epoch, lastSeq, ackedSeq, acked: [], refused: [] },
    ...{ credit: 1, retryMs: 5000, failures: 0, branches: 0 },
  };
  return { place, link: { kind: 'offline' } };
}

/**
 * What follows from an input: the next state and what is to be done. Inputs that come too late, such as the end of a read
 * that was begun before the connection was lost, change nothing.
 */
export function step(window: Window, input: WindowInput): WindowStep {
  const { place, link } = window;
  switch (input.kind) {
    case 'connected':
      return greet(place, input.nowMs, 0);
    case 'disconnected':
      return { window: { place, link: { kind: 'offline' } }, commands: [] };
    case 'appended':
      return appended(window, input);
    case 'ack':
      return { window, commands: isExpected(window, input.ack) ? [{ kind: 'compare', ack: input.ack }] : [] };
    case 'compared':
      if (!isExpected(window, input.ack)) return still(window);
      return link.kind === 'flowing' ? acknowledged(place, link, input) : answered(place, input);
    case 'sent':
      return sent(window, input);
    case 'not-read':
      if (link.kind !== 'flowing' || link.reading !== input.reading) return still(window);
      return flow(place, { ...link, reading: null, notBeforeMs: input.nowMs + readPauseMs }, input.nowMs);
    case 'branched':
      return branched(window, input);
    case 'not-branched':
      return link.kind === 'branching' ? waitLong(place, input.nowMs, []) : still(window);
    case 'tick':
      return tick(window, input.nowMs);
  }
}

function still(window: Window): WindowStep {
  return { window, commands: [] };
}

function greet(before: Place, nowMs: number, tries: number, commands: readonly WindowCommand[] = []): WindowStep {
  const place = { ...before, hellos: before.hellos + 1 };
  const id = `${place.name}-${place.hellos}`;
  const link = { kind: 'greeting' as const, id, sentMs: nowMs, tries };
  return { window: { place, link }, commands: [...commands, { kind: 'hello', id }] };
}

/** Says hello only after the longest wait. */
function waitLong(place: Place, nowMs: number, commands: readonly WindowCommand[]): WindowStep {
  return { window: { place, link: { kind: 'greeting', id: '', sentMs: nowMs, tries: 10 } }, commands };
}

/** Whether an ack is of this epoch, and answers the newest hello, or a batch if rows flow. */
function isExpected({ place, link }: Window, { epoch, hello }: WireAck): boolean {
  if (epoch !== place.epoch) return false;
  return link.kind === 'greeting' ? hello === link.id : link.kind === 'flowing' && hello === null;
}

type Compared = Extract<WindowInput, { kind: 'compared' }>;

function answered(place: Place, { ack, own, nowMs }: Compared): WindowStep {
  const why = differenceOf(place, ack, own);
  // Where even an acknowledged row differs, no word of this receiver about this epoch holds.
  if (why !== null) return branchOff(place, ack.maxContig > place.ackedSeq ? place.ackedSeq : 0, why, nowMs);
  // Only the same hash proves that the rows before are the same, too; without it they are sent again.
  const proven = own !== null && own === ack.head;
  const ackedSeq = proven ? ack.maxContig : Math.min(ack.maxContig, place.ackedSeq);
  const commands: WindowCommand[] = [];
  if (ackedSeq !== place.ackedSeq) commands.push({ kind: 'acknowledge', seq: ackedSeq });
  if (ackedSeq < place.ackedSeq) {
    const detail = `The receiver lost rows: it has them up to ${ackedSeq} and had them up to ${place.ackedSeq}; they are sent again.`;
    commands.push({ kind: 'tell', about: 'rewound', detail });
  }
  const { credit, retryMs } = ack;
  const next = { ...place, ackedSeq, acked: [], credit, retryMs };
  const flowing: Flowing = {
    ...{ kind: 'flowing', contig: ack.maxContig, flights: [], reading: null, reads: place.hellos * 1e6 },
    ...{ waitingSinceMs: nowMs, urgent: true, notBeforeMs: nowMs },
  };
  return flow(next, flowing, nowMs, commands);
}

/** Why the receiver's rows of this epoch are not this station's; null when they are, as far as can be told. */
function differenceOf(
  { lastSeq, epoch }: Place,
  { maxContig, ranges, head }: WireAck,
  own: string | null,
): string | null {
  const highest = Math.max(maxContig, highestOf(ranges));
  if (highest > lastSeq) {
    return `The receiver has row ${highest} of epoch ${epoch}, and this station's last is ${lastSeq}: an older copy of its storage was put back.`;
  }
  if (head !== null && own !== null && head !== own) {
    return `The receiver has another row ${maxContig} of epoch ${epoch} than this station: an older copy of its storage was put back, or it runs twice.`;
  }
  return null;
}

function branchOff(place: Place, after: number, why: string, nowMs: number): WindowStep {
  const tell = { kind: 'tell', about: 'conflict', detail: why } as const;
  if (place.branches >= mostBranches) return waitLong(place, nowMs, [tell]);
  const next = { ...place, ackedSeq: after, acked: [], branches: place.branches + 1 };
  const commands: WindowCommand[] = after === place.ackedSeq ? [tell] : [tell, { kind: 'acknowledge', seq: after }];
  return { window: { place: next, link: { kind: 'branching' } }, commands: [...commands, { kind: 'branch', why }] };
}

function branched({ place, link }: Window, input: Extract<WindowInput, { kind: 'branched' }>): WindowStep {
  const { epoch, ackedSeq, nowMs } = input;
  const lastSeq = Math.max(place.lastSeq, input.lastSeq);
  const next = { ...place, epoch, ackedSeq, lastSeq, acked: [], refused: [] };
  if (link.kind === 'offline') return still({ place: next, link });
  return greet(next, nowMs, 0);
}

function appended({ place, link }: Window, input: Extract<WindowInput, { kind: 'appended' }>): WindowStep {
  const { lastSeq, urgent, nowMs } = input;
  const next = { ...place, lastSeq: Math.max(place.lastSeq, lastSeq) };
  if (link.kind !== 'flowing') return still({ place: next, link });
  return flow(next, { ...link, waitingSinceMs: link.waitingSinceMs ?? nowMs, urgent: link.urgent || urgent }, nowMs);
}

function acknowledged(place: Place, link: Flowing, { ack, own, nowMs }: Compared): WindowStep {
  // The receiver's answer to a hello then says what is to be done.
  if (differenceOf(place, ack, own) !== null) return greet(place, nowMs, 0);
  const answeredNow = link.flights.filter((flight) => touches(ack.ranges, flight));
  if (answeredNow.some(({ floor }) => floor > ack.maxContig)) return greet(place, nowMs, 0);
  const conflict = ack.reject.find(({ reason, to }) => reason === 'conflict' && to > place.ackedSeq);
  const taken = take(place, ack);
  const contig = Math.max(link.contig, ack.maxContig);
  // It took a row beyond a hole, lost it, and then filled the hole: together its acks tell of more than it ever had.
  if (taken.ackedSeq > contig) return greet(place, nowMs, 0);
  const moved: WindowCommand[] = taken.ackedSeq > place.ackedSeq ? [{ kind: 'acknowledge', seq: taken.ackedSeq }] : [];
  if (conflict !== undefined) {
    const off = branchOff(taken, taken.ackedSeq, conflictSentence(conflict), nowMs);
    return { window: off.window, commands: [...moved, ...off.commands] };
  }
  const refusals = ack.reject.filter(({ reason, to }) => reason !== 'conflict' && to > taken.ackedSeq);
  const refused = refusals.reduce((all, reject) => refuse(all, reject, place.retryMs, nowMs), taken.refused);
  const gone = refusals.reduce<Ranges>((all, { from, to }) => withRange(all, [Math.max(1, from), to]), ack.ranges);
  const flights = link.flights.flatMap((flight) => left(flight, gone));
  const tells = refusals.map(({ detail }): WindowCommand => ({ kind: 'tell', about: 'refused', detail }));
  const urgent = link.urgent || refusals.length > 0;
  const waitingSinceMs = link.waitingSinceMs ?? (refusals.length > 0 ? nowMs : null);
  return flow({ ...taken, refused }, { ...link, contig, flights, urgent, waitingSinceMs }, nowMs, [...moved, ...tells]);
}

function conflictSentence({ from, to, detail }: WireReject): string {
  return `The receiver has other rows ${from} to ${to} than this station: ${detail}`;
}

/** The place once the ranges of an ack are durable. `maxContig` does not count here: it may tell of another copy's rows. */
function take(place: Place, { ranges, credit, retryMs }: WireAck): Place {
  const known: Ranges = place.ackedSeq > 0 ? [[1, place.ackedSeq], ...place.acked] : place.acked;
  const all = withRanges(known, ranges);
  const [first] = all;
  const ackedSeq = first !== undefined && first[0] === 1 ? first[1] : place.ackedSeq;
  const acked = all.filter(([from]) => from > ackedSeq);
  const refused = place.refused.flatMap((one) => left(one, ranges));
  const news = without(ranges, known).length > 0;
  const fresh = news ? { failures: 0, branches: 0 } : {};
  return { ...place, ...fresh, ackedSeq, acked, refused, credit, retryMs };
}

function refuse(all: readonly Refused[], reject: WireReject, retryMs: number, nowMs: number): readonly Refused[] {
  const { from, to, reason } = reject;
  const before = all.filter((one) => one.from <= to && one.to >= from);
  const times = Math.max(0, ...before.map((one) => one.times)) + 1;
  const soon = reason === 'corrupt' && times <= corruptResends;
  const untilMs = soon ? nowMs : nowMs + Math.min(longestWaitMs, retryMs * 2 ** Math.min(times, 10));
  return [...all.filter((one) => !before.includes(one)), { from, to, times, untilMs }];
}

function touches(ranges: Ranges, { from, to }: Flight): boolean {
  return ranges.some((range) => range[0] <= to && range[1] >= from);
}

/** What is left of something when `ranges` are done. */
function left<T extends { readonly from: number; readonly to: number }>(whole: T, ranges: Ranges): T[] {
  return without([[whole.from, whole.to]], ranges).map(([from, to]) => ({ ...whole, from, to }));
}

function sent(window: Window, input: Extract<WindowInput, { kind: 'sent' }>): WindowStep {
  const { place, link } = window;
  if (link.kind !== 'flowing' || link.reading !== input.reading) return still(window);
  const { from, to, nowMs } = input;
  const flights = [...link.flights, { from, to, sentMs: nowMs, floor: place.ackedSeq }];
  return flow(place, { ...link, reading: null, flights }, nowMs);
}

/** MQTT 3.1.1 has no word for a publish that the broker throws away, so that a refusal looks like a receiver that is away. */
const UNANSWERED: WindowCommand = {
  kind: 'tell',
  about: 'unanswered',
  detail:
    'The broker is there, and nothing comes back: no receiver runs, or the broker does not let this station publish to its up topics.',
};

function tick(window: Window, nowMs: number): WindowStep {
  const { place, link } = window;
  if (link.kind === 'greeting' && nowMs >= link.sentMs + helloWaitMs(link.tries)) {
    const silent = link.id !== '' && link.tries + 1 >= silentHellos;
    return greet(place, nowMs, link.tries + 1, silent ? [UNANSWERED] : []);
  }
  if (link.kind !== 'flowing') return still(window);
  const waitMs = flightWaitMs(place);
  const flights = link.flights.filter(({ sentMs }) => nowMs < sentMs + waitMs);
  if (flights.length === link.flights.length) return flow(place, link, nowMs);
  const failures = place.failures + 1;
  const next = { ...place, failures };
  if (failures % failuresToGreet === 0) return greet(next, nowMs, Math.min(failures / failuresToGreet, 5));
  return flow(next, { ...link, flights, urgent: true, waitingSinceMs: link.waitingSinceMs ?? nowMs }, nowMs);
}

/** Begins to read the next batch, if one is due and may be under way. */
function flow(place: Place, link: Flowing, nowMs: number, before: readonly WindowCommand[] = []): WindowStep {
  if (link.reading !== null) return { window: { place, link }, commands: before };
  const holes = holesOf(place, link, nowMs);
  const [hole] = holes;
  if (hole === undefined) {
    const resting = { ...link, urgent: false, waitingSinceMs: null };
    return { window: { place, link: resting }, commands: before };
  }
  if (!isDue(place, link, hole, nowMs)) return { window: { place, link }, commands: before };
  const reads = link.reads + 1;
  const command = { kind: 'read', reading: reads, after: hole[0] - 1, to: hole[1] } as const;
  return { window: { place, link: { ...link, reads, reading: reads } }, commands: [...before, command] };
}

/** What is neither durable at the receiver nor under way nor refused just now. */
function holesOf(place: Place, link: Flowing, nowMs: number): Ranges {
  const held = place.refused.filter(({ untilMs }) => untilMs > nowMs);
  const busy = [...link.flights, ...held].reduce<Ranges>(
    (all, { from, to }) => withRange(all, [from, to]),
    place.acked,
  );
  const open: Ranges = place.ackedSeq < place.lastSeq ? [[place.ackedSeq + 1, place.lastSeq]] : [];
  const holes = without(open, busy);
  if (place.refused.length < mostRefused) return holes;
  return holes.filter(([from]) => place.refused.some((one) => one.from <= from && from <= one.to));
}

function isDue(place: Place, link: Flowing, [from, to]: Range, nowMs: number): boolean {
  if (link.flights.length >= Math.min(place.credit, limits.credit) || nowMs < link.notBeforeMs) return false;
  if (link.urgent || to < place.lastSeq || to - from + 1 >= groupRows) return true;
  return link.waitingSinceMs === null || nowMs >= link.waitingSinceMs + groupMs;
}
