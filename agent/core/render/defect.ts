import type { RingPart } from './part.ts';
import type { Random } from './prng.ts';
import type { Scene } from './scene.ts';
import type { Surface } from './surface.ts';

/** How one class is drawn: by another part than the normal one, by marks on the painted surface, or both. */
export interface Defect {
  /** @param severity 1 gross to 0 marginal */
  readonly alterPart?: (part: RingPart, random: Random, severity: number) => RingPart;
  /** @param severity 1 gross to 0 marginal */
  readonly mark?: (surface: Surface, scene: Scene, random: Random, severity: number) => void;
}

/** The best of some random drafts, judged by how much of it a camera would see. */
export function bestOf<T>(count: number, draft: () => T, judge: (candidate: T) => number): T {
  let best = draft();
  let bestScore = judge(best);
  for (let n = 1; n < count; n += 1) {
    const candidate = draft();
    const score = judge(candidate);
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}
