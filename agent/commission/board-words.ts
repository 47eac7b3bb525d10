import type { Board, InputState } from './board.ts';
import { ms } from './words.ts';

/** A line for each input. */
/** The kernel's debounce would put the photo-eye's stamps off; the tracker drops its bounces. */
function remedyFor(input: InputState['input']): string {
  return input === 'trigger' ? 'raise triggerDead in the calibration' : 'raise debounceUs';
}

export function boardWords(board: Board, nowNs: number): string[] {
  return board.map((state) => `  ${state.input.padEnd(13)} ${levelOf(state).padEnd(9)} ${movesOf(state, nowNs)}`);
}

function levelOf({ active }: InputState): string {
  if (active === null) return 'unknown';
  return active ? 'ACTIVE' : 'inactive';
}

function movesOf({ input, edges, lastNs, bounces, closestNs }: InputState, nowNs: number): string {
  if (lastNs === null) return 'no edge yet';
  const age = `${Math.max(0, (nowNs - lastNs) / 1e9).toFixed(1)} s ago`;
  const bounce =
    bounces === 0 ? 'no bounce' : `bounces ${bounces}, the closest after ${ms(closestNs ?? 0)}: ${remedyFor(input)}`;
  return `edges ${edges}, the last ${age}, ${bounce}`;
}
