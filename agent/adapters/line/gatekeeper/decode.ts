import {
  closedActions,
  closedCauses,
  confirmations,
  inputVerdicts,
  resolvedActions,
  resolvedCauses,
  stopCauses,
  verdicts,
} from '../../../core/track/codes.ts';
import type { TrackerEvent } from '../../../core/track/events.ts';
import type { ClosedByLine } from '../../../ports/line.ts';
import { badRecord, type RawRecord, readRaw } from './raw.ts';
import { doubts, faults, type GateRecord, inputs, type PlainEvent, refusals } from './records.ts';

const ignored = ['bounce', 'stopped', 'counted', 'uncounted', 'commissioning'] as const;
const gates = [undefined, 1, 2] as const;
const flags = [false, true] as const;

type Field = Exclude<keyof RawRecord, 'kind' | 'number' | 'at' | 'counts'>;

const resolved: readonly Field[] = ['due', 'part', 'action', 'cause', 'verdict', 'flag'];
const settled: readonly Field[] = [...resolved, 'confirmation'];

/** What each kind uses beside what all have; the rest must be 0. */
const uses: Readonly<Record<number, readonly Field[]>> = {
  64: ['due', 'part', 'value', 'flag'],
  65: ['part', 'value'],
  66: ['code'],
  67: ['part', 'value'],
  68: [...settled, 'value', 'code'],
  69: ['flag', 'value'],
  70: ['code', 'flag', 'value'],
  71: ['code', 'value'],
  72: ['part', 'value'],
  73: ['code'],
  97: ['part', 'due'],
  98: ['part', 'code'],
  99: ['part', 'value'],
  100: resolved,
  101: ['part', 'code', 'due'],
  102: ['part', 'code', 'due'],
  103: ['part', 'code', 'due'],
  104: ['part', 'verdict'],
  105: ['part', 'verdict'],
  106: ['part', 'verdict'],
  107: ['part'],
  108: [],
  109: settled,
  110: ['part', 'cause'],
};

const all: readonly Field[] = [...settled, 'value', 'code'];

/** A record with its place in the connection's order. */
export interface Numbered {
  readonly number: bigint;
  readonly record: GateRecord;
  /** The furthest that the belt had come, or where it was for the kind `encoder`; 0 when the base is time. */
  readonly counts: number;
}

/** Reads 64 bytes. Throws a LinegateError 'bad-message' for anything that is not exactly right. */
export function decodeRecord(bytes: Uint8Array): Numbered {
  const raw = readRaw(bytes);
  const used = uses[raw.kind];
  if (used === undefined) throw badRecord(`a record of kind ${raw.kind}, which is unknown here`);
  checkUnused(raw, used);
  const record = raw.kind < 96 ? ownRecord(raw) : trackerRecord(raw);
  return { number: raw.number, record, counts: exact(raw.counts) };
}

function checkUnused(raw: RawRecord, used: readonly Field[]): void {
  for (const field of all) {
    // Things that just happen were due when they did.
    const mayDiffer = used.includes(field) || (field === 'due' && raw.due === raw.at);
    if (!mayDiffer && Number(raw[field]) !== 0) throw badRecord(`a record of kind ${raw.kind} with a ${field}`);
  }
}

/** What the gatekeeper tells of itself. */
function ownRecord(raw: RawRecord): GateRecord {
  const atNs = exact(raw.at);
  switch (raw.kind) {
    case 64: {
      const digest = BigInt.asUintN(64, raw.due);
      return { kind: 'hello', digest, nonce: raw.value, nextPart: exact(raw.part), numbered: word(flags, raw.flag) };
    }
    case 65:
      return { kind: 'attached', nextPart: part(raw), interrupted: exact(raw.value) };
    case 66:
      return { kind: 'refused', reason: word(refusals, raw.code - 1) };
    case 67:
      return { kind: 'parts-lost', fromPart: part(raw), toPart: exact(raw.value), atNs };
    case 68:
      return interrupted(raw);
    case 69:
      return { kind: 'ready', on: word(flags, raw.flag), doubts: doubtsOf(raw.value), atNs };
    case 70: {
      const belt = { counts: exact(raw.counts), backCounts: exact(raw.value) };
      return { kind: 'input', input: word(inputs, raw.code - 1), active: word(flags, raw.flag), atNs, ...belt };
    }
    case 71:
      return { kind: 'fault', fault: word(faults, raw.code - 1), value: exact(raw.value), atNs };
    case 72: {
      const nsPerCount = exact(raw.value);
      const position = { counts: exact(raw.counts), nsPerCount: nsPerCount === 0 ? null : nsPerCount };
      return { kind: 'encoder', ...position, losses: exact(raw.part), atNs };
    }
    default:
      return { kind: 'hold-denied', gate: word(gates, raw.code) };
  }
}

function trackerRecord(raw: RawRecord): GateRecord {
  const atNs = exact(raw.at);
  switch (raw.kind) {
    case 97:
      return { kind: 'trigger', part: part(raw), atNs, deadlineNs: exact(raw.due) };
    case 98:
      return { kind: 'trigger-ignored', reason: word(ignored, raw.code), atNs };
    case 99:
      return { kind: 'too-close', part: part(raw), neighbour: exact(raw.value), atNs };
    case 104:
      return { kind: 'verdict-late', part: exact(raw.part), verdict: word(inputVerdicts, raw.verdict), atNs };
    case 105:
      return { kind: 'verdict-unknown', part: exact(raw.part), verdict: word(inputVerdicts, raw.verdict), atNs };
    case 106:
      return { kind: 'verdict-repeated', part: exact(raw.part), verdict: word(inputVerdicts, raw.verdict), atNs };
    case 107:
      return { kind: 'confirmation', part: part(raw), atNs };
    case 108:
      return { kind: 'confirmation', part: undefined, atNs };
    case 110:
      return { kind: 'stop-line', part: part(raw), reason: word(stopCauses, raw.cause), atNs };
    default:
      return dueRecord(raw);
  }
}

/** The events that time brings. */
function dueRecord(raw: RawRecord): GateRecord {
  const due = dueOf(raw);
  switch (raw.kind) {
    case 100: {
      const what = { action: word(resolvedActions, raw.action), cause: word(resolvedCauses, raw.cause) };
      return { kind: 'resolved', part: part(raw), ...due, ...what, ...verdictOf(raw) };
    }
    case 101:
      return { kind: 'gate', state: 'active', part: exact(raw.part), gate: word(gates, raw.code), ...due };
    case 102:
      return { kind: 'gate', state: 'inactive', part: exact(raw.part), gate: word(gates, raw.code), ...due };
    case 103:
      return { kind: 'missed-pulse', part: part(raw), gate: word(gates, raw.code), ...due };
    default:
      return { kind: 'closed', part: part(raw), ...due, ...closedOf(raw) };
  }
}

function interrupted(raw: RawRecord): PlainEvent {
  const told = { kind: 'interrupted', part: part(raw), atNs: exact(raw.at) } as const;
  if (!word(flags, raw.code)) {
    checkUnused(raw, ['part']);
    return told;
  }
  const atNs = exact(raw.value);
  const scheduledNs = exact(raw.due);
  const closed: ClosedByLine = { atNs, scheduledNs, lateNs: atNs - scheduledNs, ...closedOf(raw) };
  return { ...told, closed };
}

function dueOf(raw: RawRecord): { atNs: number; scheduledNs: number; lateNs: number } {
  const atNs = exact(raw.at);
  const scheduledNs = exact(raw.due);
  return { atNs, scheduledNs, lateNs: atNs - scheduledNs };
}

function closedOf(raw: RawRecord): Omit<ClosedByLine, 'atNs' | 'scheduledNs' | 'lateNs'> {
  return {
    action: word(closedActions, raw.action),
    cause: word(closedCauses, raw.cause),
    confirmation: word(confirmations, raw.confirmation),
    ...verdictOf(raw),
  };
}

function verdictOf(raw: RawRecord): Pick<Extract<TrackerEvent, { kind: 'closed' }>, 'verdict' | 'tooClose'> {
  return { verdict: word(verdicts, raw.verdict), tooClose: word(flags, raw.flag) };
}

function doubtsOf(bits: bigint): (typeof doubts)[number][] {
  if (bits >> BigInt(doubts.length) !== 0n) throw badRecord(`the doubts ${bits}, some of which are unknown here`);
  return doubts.filter((_, index) => ((bits >> BigInt(index)) & 1n) === 1n);
}

function part(raw: RawRecord): number {
  const number = exact(raw.part);
  if (number === 0) throw badRecord(`a record of kind ${raw.kind} without a part`);
  return number;
}

function exact(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw badRecord(`the number ${value}, which is too large`);
}

function word<Word>(words: readonly (Word | undefined)[], code: number): Word {
  const found = words[code];
  if (found === undefined) throw badRecord(`the code ${code}, which is unknown in its place`);
  return found;
}
