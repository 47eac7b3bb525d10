import type { Range, RingDomain } from './domain.ts';
import { cosTurns, length, mix, noiseTile, sinTurns } from './math.ts';
import { normalPart, type RingPart } from './part.ts';
import { between, type Random, randomOf } from './prng.ts';

/** How the camera sees the part: where it lies and how the camera leans. */
export interface Pose {
  readonly centreX: number;
  readonly centreY: number;
  readonly scale: number;
  /** Direction in the picture in which the camera leans, and how far, as a tangent. */
  readonly leanX: number;
  readonly leanY: number;
  readonly leanTangent: number;
}

/** Harmless variation of one part and of the belt under it. */
export interface Look {
  readonly steel: readonly [number, number, number];
  readonly bronze: readonly [number, number, number];
  readonly belt: readonly [number, number, number];
  readonly noise: Float32Array;
  /** Tool marks by radius: 512 entries in -1..1 over radius 0 to 0.5, and how deep they are cut. */
  readonly toolMarks: Float32Array;
  readonly toolDepth: number;
  readonly smudge: number;
  readonly dustCount: number;
  readonly hairlineCount: number;
}

export interface Light {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly power: number;
  readonly gradient: number;
  readonly warmth: number;
  /** Centre of the pool of light in the frame. */
  readonly poolX: number;
  readonly poolY: number;
}

export interface Optics {
  readonly blurPx: number;
  readonly noise: number;
}

export interface Scene {
  readonly pose: Pose;
  readonly look: Look;
  readonly light: Light;
  readonly optics: Optics;
  readonly part: RingPart;
}

// Streams of the generator: a class or a severity never changes the part, the light or the noise of the same seed.
export const streams = { pose: 1, look: 2, light: 3, part: 4, wear: 5, defect: 6, noise: 7 } as const;

/** Draws everything about a picture but its defect. */
export function drawScene(seed: number, domain: RingDomain): Scene {
  const lightRandom = randomOf(seed, streams.light);
  return {
    pose: drawPose(randomOf(seed, streams.pose), domain),
    look: drawLook(randomOf(seed, streams.look)),
    light: drawLight(lightRandom, domain),
    optics: { blurPx: draw(lightRandom, domain.blurPx), noise: draw(lightRandom, domain.noise) },
    part: normalPart(randomOf(seed, streams.part)),
  };
}

function draw(random: Random, range: Range): number {
  return between(random, range[0], range[1]);
}

function drawPose(random: Random, domain: RingDomain): Pose {
  const turn = random();
  const tiltTurns = draw(random, domain.tiltDeg) / 360;
  return {
    centreX: draw(random, domain.jitterPx) / 160,
    centreY: draw(random, domain.jitterPx) / 160,
    scale: draw(random, domain.scale),
    leanX: cosTurns(turn),
    leanY: sinTurns(turn),
    leanTangent: sinTurns(tiltTurns) / cosTurns(tiltTurns),
  };
}

function drawLook(random: Random): Look {
  const steel = between(random, 0.36, 0.46);
  const steelTint = between(random, -0.02, 0.02);
  const bronze = between(random, 0.36, 0.43);
  const belt = between(random, 0.045, 0.08);
  const beltTint = between(random, -0.08, 0.16);
  return {
    steel: [steel * (1 + steelTint), steel, steel * (1.015 - steelTint)],
    bronze: [bronze * 1.12, bronze * 0.9, bronze * 0.62],
    belt: [belt * (1 - beltTint), belt, belt * (1 + beltTint)],
    noise: noiseTile(random),
    toolMarks: drawToolMarks(random),
    toolDepth: between(random, 0.04, 0.13),
    smudge: between(random, 0.02, 0.07),
    dustCount: Math.floor(between(random, 3, 16)),
    hairlineCount: Math.floor(between(random, 0, 4)),
  };
}

/** Feed marks of even pitch, with every turn of the tool a little different. */
function drawToolMarks(random: Random): Float32Array {
  const marks = new Float32Array(512);
  const pitch = between(random, 14, 30);
  const share = between(random, 0.25, 0.65);
  let rough = 0;
  for (let i = 0; i < marks.length; i += 1) {
    rough = rough * 0.7 + (random() * 2 - 1) * 0.6;
    marks[i] = mix(rough, sinTurns(i / pitch), share);
  }
  return marks;
}

function drawLight(random: Random, domain: RingDomain): Light {
  const turn = draw(random, domain.lightTurn);
  const elevation = draw(random, domain.lightElevationDeg) / 360;
  const flat = cosTurns(elevation);
  const x = flat * cosTurns(turn);
  const y = flat * sinTurns(turn);
  const far = 0.45 / Math.max(0.2, length(x, y));
  return {
    x,
    y,
    z: sinTurns(elevation),
    power: draw(random, domain.light),
    gradient: draw(random, domain.gradient),
    warmth: draw(random, domain.warmth),
    poolX: x * far + between(random, -0.12, 0.12),
    poolY: y * far + between(random, -0.12, 0.12),
  };
}
