import { LinegateError } from '../errors.ts';
import {
  closedActions,
  closedCauses,
  confirmations,
  inputVerdicts,
  resolvedActions,
  resolvedCauses,
  stopCauses,
  verdicts,
} from './codes.ts';
import type { TrackerEvent } from './events.ts';

function word<Word extends string>(words: readonly (Word | undefined)[], code: number): Word {
  const found = words[code];
  if (found === undefined) {
    throw new LinegateError(
      'illegal-input',
      `The tracker module gave the code ${code}, which is unknown here; rebuild it.`,
    );
  }
  return found;
}

/** Reads the event that `take` of agent/native/track/wasm.c has written at this address: ten f64 in a fixed order. */
export function decodeEvent(memory: DataView, address: number): TrackerEvent {
  const field = (index: number): number => memory.getFloat64(address + 8 * index, true);
  const atNs = field(1);
  const part = field(3);
  switch (field(0)) {
    case 1:
      return { kind: 'trigger', part, atNs, deadlineNs: field(2) };
    case 2:
      return { kind: 'trigger-ignored', reason: part === 0 ? 'stopped' : 'bounce', atNs };
    case 3:
      return { kind: 'too-close', part, neighbour: field(4), atNs };
    case 8:
      return { kind: 'verdict-late', part, verdict: word(inputVerdicts, field(7)), atNs };
    case 9:
      return { kind: 'verdict-unknown', part, verdict: word(inputVerdicts, field(7)), atNs };
    case 10:
      return { kind: 'verdict-repeated', part, verdict: word(inputVerdicts, field(7)), atNs };
    case 11:
      return { kind: 'confirmation', part, atNs };
    case 12:
      return { kind: 'confirmation', part: undefined, atNs };
    case 14:
      return { kind: 'stop-line', part, reason: word(stopCauses, field(6)), atNs };
    default:
      return decodeDue(memory, address);
  }
}

/** The events that time brings. */
function decodeDue(memory: DataView, address: number): TrackerEvent {
  const field = (index: number): number => memory.getFloat64(address + 8 * index, true);
  const atNs = field(1);
  const scheduledNs = field(2);
  const due = { part: field(3), atNs, scheduledNs, lateNs: atNs - scheduledNs };
  switch (field(0)) {
    case 4: {
      const action = word(resolvedActions, field(5));
      return { kind: 'resolved', ...due, action, cause: word(resolvedCauses, field(6)), ...verdictOf(field) };
    }
    case 5:
      return { kind: 'gate', state: 'active', ...due };
    case 6:
      return { kind: 'gate', state: 'inactive', ...due };
    case 7:
      return { kind: 'missed-pulse', ...due };
    case 13: {
      const action = word(closedActions, field(5));
      const confirmation = word(confirmations, field(8));
      return { kind: 'closed', ...due, action, cause: word(closedCauses, field(6)), confirmation, ...verdictOf(field) };
    }
    default:
      throw new LinegateError(
        'illegal-input',
        `The tracker module gave an event ${field(0)}, which is unknown here; rebuild it.`,
      );
  }
}

function verdictOf(field: (index: number) => number): { verdict: (typeof verdicts)[number]; tooClose: boolean } {
  return { verdict: word(verdicts, field(7)), tooClose: field(9) === 1 };
}
