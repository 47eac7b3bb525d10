// discoloration: the metal has its shape but not its colour.
import { bestOf, type Defect } from './defect.ts';
import { at, clamp, cosTurns, length, mix, noiseAt, sinTurns, smooth } from './math.ts';
import { distanceToPockets, ringSizes as ring } from './part.ts';
import { between, pick, type Random } from './prng.ts';
import { eachNear, type Surface, scale, tone } from './surface.ts';

type Tint = readonly [red: number, green: number, blue: number];

/** Colours from the rim of a stain to its middle, as factors on the metal's own. */
type Stain = readonly [rim: Tint, between: Tint, middle: Tint];

const heat: Stain = [
  [0.98, 0.72, 0.3],
  [0.62, 0.3, 0.42],
  [0.2, 0.32, 0.85],
];
const rust: Stain = [
  [0.95, 0.72, 0.46],
  [0.82, 0.42, 0.18],
  [0.55, 0.24, 0.1],
];
const burn: Stain = [
  [0.86, 0.78, 0.64],
  [0.5, 0.42, 0.34],
  [0.26, 0.23, 0.21],
];

export const discoloration: Defect = {
  mark(surface, scene, random, severity) {
    const stain = pick(random, heat, rust, burn);
    const size = mix(between(random, 0.055, 0.065), between(random, 0.12, 0.17), severity);
    const place = bestOf(
      8,
      () => onRing(random, size),
      (at) => Math.min(0, distanceToPockets(scene.part, at.x, at.y) - 0.6 * size),
    );
    const strength = mix(0.66, 0.97, severity);
    const shape = random() * 50;
    const turn = random();
    stainMetal(surface, scene.look.noise, {
      ...place,
      size,
      axisX: cosTurns(turn),
      axisY: sinTurns(turn),
      stretch: between(random, 1, 1.6),
      stain,
      strength,
      ragged: stain === rust ? 0.6 : 0.28,
      shape,
    });
  },
};

function onRing(random: Random, size: number): { x: number; y: number } {
  const place = random();
  const radius = between(random, ring.bushRadius + 0.3 * size, ring.outerRadius - 0.8 * size);
  return { x: radius * cosTurns(place), y: radius * sinTurns(place) };
}

interface Patch {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** Direction in which the patch is longer, and how much. */
  readonly axisX: number;
  readonly axisY: number;
  readonly stretch: number;
  readonly stain: Stain;
  readonly strength: number;
  /** How torn the outline is, and where in the noise it is read. */
  readonly ragged: number;
  readonly shape: number;
}

function stainMetal(surface: Surface, noise: Float32Array, patch: Patch): void {
  const { axisX, axisY, size, shape } = patch;
  eachNear(surface, patch.x, patch.y, 1.8 * size * patch.stretch, (index, _distance, dx, dy) => {
    const u = (dx * axisX + dy * axisY) / patch.stretch;
    const v = dy * axisX - dx * axisY;
    const away = length(u, v) / size;
    if (away > 1.8) return;
    const outline =
      noiseAt(noise, (dx * 1.6) / size + shape, (dy * 1.6) / size) +
      0.6 * noiseAt(noise, (dx * 3.6 + dy * 2.6) / size, (dy * 3.6 - dx * 2.6) / size + shape);
    const depth = 1 - away + patch.ragged * outline;
    const amount = smooth(0, 0.3, depth) * patch.strength * at(surface.metal, index);
    if (amount > 0) tint(surface, index, patch.stain, clamp(depth * 1.1, 0, 1), amount);
  });
}

function tint(surface: Surface, index: number, stain: Stain, depth: number, amount: number): void {
  const inner = depth > 0.5;
  const from = inner ? stain[1] : stain[0];
  const to = inner ? stain[2] : stain[1];
  const t = inner ? depth * 2 - 1 : depth * 2;
  const red = mix(1, mix(from[0], to[0], t), amount);
  const green = mix(1, mix(from[1], to[1], t), amount);
  const blue = mix(1, mix(from[2], to[2], t), amount);
  tone(surface, index, red, green, blue);
  scale(surface.gloss, index, 1 - 0.25 * amount);
}
