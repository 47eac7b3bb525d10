import type { Edge, InputName } from './sightings.ts';

/** What an input has done so far. */
export interface InputState {
  readonly input: InputName;
  readonly debounceNs: number;
  /** Null until it is known: an input that never moved has told nothing. */
  readonly active: boolean | null;
  readonly edges: number;
  readonly lastNs: number | null;
  /** Edges closer to the one before than the debounce time, or a millisecond where none is set. */
  readonly bounces: number;
  /** Of those the closest two edges; null when there was none. */
  readonly closestNs: number | null;
}

const leastBounceNs = 1e6;

/** The gatekeeper tells the levels of these to whoever attaches; of the others it tells edges alone. */
const toldAtAttach: readonly InputName[] = ['bin-full', 'estop-status'];

export type Board = readonly InputState[];

/** An input that is wired. */
export interface Wired {
  readonly input: InputName;
  readonly debounceNs: number;
}

export function newBoard(wired: readonly Wired[]): Board {
  return wired.map((each) => ({ ...each, active: null, edges: 0, lastNs: null, bounces: 0, closestNs: null }));
}

/** The board after an edge. A level that is told again, as at the start, is no edge. */
export function seeEdge(board: Board, edge: Edge): Board {
  return board.map((state) => (state.input === edge.input ? after(state, edge) : state));
}

function after(state: InputState, { input, active, atNs }: Edge): InputState {
  if (state.active === active) return state;
  const isLevel = state.active === null && (!active || toldAtAttach.includes(input));
  if (isLevel) return { ...state, active };
  const gapNs = state.lastNs === null ? Number.POSITIVE_INFINITY : atNs - state.lastNs;
  const bounced = gapNs < Math.max(state.debounceNs, leastBounceNs);
  return {
    ...state,
    active,
    edges: state.edges + 1,
    lastNs: atNs,
    bounces: state.bounces + (bounced ? 1 : 0),
    closestNs: Math.min(gapNs, state.closestNs ?? Number.POSITIVE_INFINITY),
  };
}
