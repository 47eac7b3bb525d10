import type { GateRecord } from '../adapters/line/gatekeeper/records.ts';
import { type Board, newBoard, seeEdge } from './board.ts';
import {
  again,
  type EncoderFigures,
  type EncoderState,
  encoderOf,
  seeEncoder,
  startAt,
  unknownEncoder,
} from './encoder.ts';
import { type LatenessFigures, latenessOf } from './lateness.ts';
import { alike, type DelayFigures, delayOf, passesOf } from './passes.ts';
import { type GateOn, type ResponseFigures, responseOf } from './response.ts';
import type { Edge } from './sightings.ts';
import { given, spreadOf } from './spread.ts';
import { type Answers, type Context, gateSensor, type StepId } from './steps.ts';

/** What the gatekeeper told while a step measured. */
export interface Log {
  readonly board: Board;
  readonly encoder: EncoderState;
  readonly edges: readonly Edge[];
  readonly gates: readonly GateOn[];
  /** How long the gate was active each time, in ns. */
  readonly heldNs: readonly number[];
  readonly denied: number;
  /** Edges beyond what is kept. */
  readonly overflow: number;
  readonly lateness: LatenessFigures | undefined;
}

const mostEdges = 4096;

/** What each step found. */
export interface Results {
  readonly inputs?: { readonly board: Board };
  readonly encoder?: EncoderFigures;
  readonly gate?: { readonly presses: number; readonly longestNs: number };
  readonly delay?: DelayFigures;
  readonly response?: ResponseFigures;
  readonly lateness?: LatenessFigures;
  readonly rate?: RateFigures;
}

export interface RateFigures {
  /** Counts a second that the belt reached without losses; null where the encoder was not measured. */
  readonly seenPerSecond: number | null;
  /** What the gatekeeper was tested for, not on this device. */
  readonly testedPerSecond: number;
}

/** docs/commissioning.md says where it is from. */
const testedPerSecond = 5000;

export function emptyLog(context: Context): Log {
  const { wired } = context;
  const nothing = { edges: [], gates: [], heldNs: [], denied: 0, overflow: 0, lateness: undefined };
  return { board: newBoard(wired), encoder: unknownEncoder, ...nothing };
}

/** A new step begins: levels and position stay, all else is forgotten. */
export function clearLog(log: Log, context: Context): Log {
  const board = emptyLog(context).board.map((state, index) => ({ ...state, active: log.board[index]?.active ?? null }));
  return { ...emptyLog(context), board, encoder: again(log.encoder) };
}

/** The log after a record of the gatekeeper. */
export function hear(log: Log, record: GateRecord): Log {
  switch (record.kind) {
    case 'input': {
      const full = log.edges.length >= mostEdges;
      return {
        ...log,
        board: seeEdge(log.board, record),
        encoder: startAt(log.encoder, record.counts),
        edges: full ? log.edges : [...log.edges, record],
        overflow: log.overflow + (full ? 1 : 0),
      };
    }
    case 'encoder':
      return { ...log, encoder: seeEncoder(log.encoder, record) };
    case 'gate':
      return hearGate(log, record);
    case 'hold-denied':
      return { ...log, denied: log.denied + 1 };
    default:
      return log;
  }
}

function hearGate(log: Log, { state, atNs, gate }: Extract<GateRecord, { kind: 'gate' }>): Log {
  if (log.gates.length >= mostEdges) return log;
  if (state === 'active') return { ...log, gates: [...log.gates, { atNs, gate }] };
  const on = log.gates.findLast((each) => each.gate === gate);
  return on === undefined ? log : { ...log, heldNs: [...log.heldNs, atNs - on.atNs] };
}

/** What a step has found, or a sentence that says what it lacks. */
export function found(id: StepId, log: Log, answers: Answers, context: Context, before: Results): Results | string {
  switch (id) {
    case 'inputs':
      return { inputs: { board: log.board } };
    case 'encoder': {
      const encoder = encoderOf(log.encoder, answers.movedMm ?? null);
      return encoder === undefined ? 'The encoder did not count: look at its wires and its supply.' : { encoder };
    }
    case 'gate':
      if (log.heldNs.length === 0) return 'The gate did not move.';
      return { gate: { presses: log.heldNs.length, longestNs: Math.max(...log.heldNs) } };
    case 'delay':
      return foundDelay(log, answers, context);
    case 'response':
      return foundResponse(log, answers);
    case 'lateness':
      return log.lateness === undefined ? 'The measurement is not over.' : { lateness: log.lateness };
    case 'rate':
      return { rate: { seenPerSecond: before.encoder?.highestPerSecond ?? null, testedPerSecond } };
  }
}

function foundResponse({ gates, edges }: Log, { moveMs }: Answers): Results | string {
  const response = responseOf(gates, edges, moveMs === undefined ? null : moveMs * 1e6);
  return response === undefined ? 'The sensor in the chute saw nothing after the gate had moved.' : { response };
}

const enoughPasses = 5;

function foundDelay(log: Log, answers: Answers, context: Context): Results | string {
  const passes = passesOf(log.edges, gateSensor(context), context.base);
  const seen = passes.passes.length;
  if (seen < enoughPasses) return `Only ${seen} whole passes of the part were seen; ${enoughPasses} are the least.`;
  const delay = delayOf(passes, answers, context.base);
  return delay === undefined
    ? 'With a distance in mm the length of the part is needed, and the photo-eye must see its end.'
    : { delay };
}

/** What a step has when its figures are given by hand. */
export function byHand(id: StepId, answers: Answers, context: Context): Results {
  const unit = context.base === 'time' ? 1e6 : 1;
  const { arrival, beam, moveMs, toConfirmMs, lateMs, countsPerMm = 0, countsPerSecond = 0 } = answers;
  switch (id) {
    case 'encoder': {
      const none = { counts: 0, mm: null, losses: 0, reversed: false };
      return { encoder: { ...none, countsPerMm, highestPerSecond: countsPerSecond } };
    }
    case 'delay': {
      const none = { mmPerSecond: null, countsPerSecond: null, review: null, missedAtSensor: 0, missedAtEye: 0 };
      const dark = beam === undefined ? null : given(beam * unit);
      return { delay: { by: 'hand', arrival: given((arrival ?? 0) * unit), beam: dark, ...none } };
    }
    case 'response': {
      const toConfirmNs = toConfirmMs === undefined ? null : given(toConfirmMs * 1e6);
      return { response: { by: 'hand', toConfirmNs, moveNs: moveMs === undefined ? null : moveMs * 1e6, missed: 0 } };
    }
    case 'lateness': {
      const figures = latenessOf([(lateMs ?? 0) * 1e6], false);
      return figures === undefined ? {} : { lateness: { ...figures, by: 'hand', count: 0, p50Ns: null, p99Ns: null } };
    }
    default:
      return {};
  }
}

/** How many whole passes there are so far, for the screen. */
export function passCount(log: Log, context: Context): number {
  return passesOf(log.edges, gateSensor(context), context.base).passes.length;
}

/** The last way to the gate and their median so far, for the screen. */
export function travelsSoFar(
  log: Log,
  context: Context,
): { readonly last: number; readonly median: number } | undefined {
  const { passes } = passesOf(log.edges, gateSensor(context), context.base);
  const travels = passes.flatMap(({ travel, beam }) => travel ?? beam ?? []);
  const last = travels.at(-1);
  const spread = spreadOf(travels, alike(context.base));
  return last === undefined || spread === undefined ? undefined : { last, median: spread.median };
}
