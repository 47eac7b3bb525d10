import type { Lifetime } from './lifetimes.ts';

/** A buffer with its place in the arena. */
export interface Placed extends Lifetime {
  readonly offsetBytes: number;
}

/**
 * Places buffers as TensorFlow Lite Micro's GreedyMemoryPlanner does: the largest first, of equal ones the later first, each
 * into the first gap among those that are alive at the same time.
 */
export function placeGreedily(buffers: readonly Lifetime[]): Placed[] {
  const order = [...buffers].reverse().sort((a, b) => b.sizeBytes - a.sizeBytes);
  const placed: Placed[] = [];
  for (const buffer of order) {
    const alive = placed.filter((one) => one.firstUse <= buffer.lastUse && buffer.firstUse <= one.lastUse);
    placed.push({ ...buffer, offsetBytes: firstGap(alive, buffer.sizeBytes) });
  }
  return placed;
}

function firstGap(alive: readonly Placed[], sizeBytes: number): number {
  let offset = 0;
  for (const one of [...alive].sort((a, b) => a.offsetBytes - b.offsetBytes)) {
    if (one.offsetBytes - offset >= sizeBytes) break;
    offset = Math.max(offset, one.offsetBytes + one.sizeBytes);
  }
  return offset;
}

/** The end of the furthest buffer. */
export function highestByte(placed: readonly Placed[]): number {
  return Math.max(0, ...placed.map(({ offsetBytes, sizeBytes }) => offsetBytes + sizeBytes));
}
