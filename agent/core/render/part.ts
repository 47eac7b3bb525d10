// The ring as drawn, in units of the frame's width at scale 1, centred on the part. Shared by the body, the bolts and the defects.
import { cosTurns, sinTurns } from './math.ts';
import { between, type Random } from './prng.ts';

export const ringSizes = {
  outerRadius: 0.42,
  chamfer: 0.02,
  grooveRadius: 0.366,
  bushRadius: 0.186,
  bushGap: 0.005,
  boreRadius: 0.13,
  height: 0.06,
  boltCircle: 0.277,
  boltCount: 6,
  pocketRadius: 0.054,
  headRadius: 0.046,
  socketApothem: 0.02,
} as const;

/** One bolt in its counterbored pocket. */
export interface Bolt {
  /** Centre of the pocket. */
  readonly x: number;
  readonly y: number;
  /** Whether the bolt is there; where it is not, the pocket and its tapped hole show. */
  readonly present: boolean;
  /** How far the head sits off the pocket's centre, and how far its top leans, as a slope. */
  readonly offsetX: number;
  readonly offsetY: number;
  readonly leanX: number;
  readonly leanY: number;
  /** Rotation of the hexagon socket, in turns. */
  readonly turn: number;
  /** Brightness of the head, or of the floor of an empty pocket, against the nominal one. */
  readonly tone: number;
}

/** A flat knocked into the outer edge: where, how wide, how deep. */
interface RimDent {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export interface RingPart {
  readonly bolts: readonly Bolt[];
  /** Centre of the bronze bush with the bore. */
  readonly bushX: number;
  readonly bushY: number;
  readonly rimDent: RimDent | undefined;
}

/** A faultless part, turned at random. */
export function normalPart(random: Random): RingPart {
  const turn = random();
  const bolts: Bolt[] = [];
  for (let n = 0; n < ringSizes.boltCount; n += 1) {
    const at = turn + n / ringSizes.boltCount;
    bolts.push({
      x: ringSizes.boltCircle * cosTurns(at),
      y: ringSizes.boltCircle * sinTurns(at),
      present: true,
      offsetX: between(random, -0.0025, 0.0025),
      offsetY: between(random, -0.0025, 0.0025),
      leanX: between(random, -0.03, 0.03),
      leanY: between(random, -0.03, 0.03),
      turn: random(),
      tone: between(random, 0.88, 1.1),
    });
  }
  return {
    bolts,
    bushX: between(random, -0.0015, 0.0015),
    bushY: between(random, -0.0015, 0.0015),
    rimDent: undefined,
  };
}

/** Distance from a point to the nearest pocket's edge; negative inside a pocket. */
export function distanceToPockets(part: RingPart, x: number, y: number): number {
  let nearest = 1e9;
  for (const bolt of part.bolts) {
    const square = (x - bolt.x) * (x - bolt.x) + (y - bolt.y) * (y - bolt.y);
    if (square < nearest) nearest = square;
  }
  return Math.sqrt(nearest) - ringSizes.pocketRadius;
}
