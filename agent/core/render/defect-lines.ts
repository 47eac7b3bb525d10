// scratch and crack: one is a bright groove dragged over the surface, the other a dark jagged opening from an edge.
import { bestOf, type Defect } from './defect.ts';
import { at, cosTurns, length, mix, sinTurns, smooth } from './math.ts';
import { type RingPart, ringSizes as ring } from './part.ts';
import { between, pick, type Random } from './prng.ts';
import type { Scene } from './scene.ts';
import { eachOnStroke, type StrokePoint, shareOnMetal, walk } from './stroke.ts';
import { add, blend, coverage, type Surface, scale, tone } from './surface.ts';

export const scratch: Defect = {
  mark(surface, scene, random, severity) {
    const count = random() < 0.35 ? 2 : 1;
    const first = draftScratch(scene.part, random, severity);
    paintScratch(surface, first, severity);
    if (count === 1) return;
    const offset = between(random, 0.018, 0.035);
    const beside = first.map((point) => ({ x: point.x + offset, y: point.y + offset * 0.6, half: point.half * 0.7 }));
    paintScratch(surface, beside.slice(2), severity * 0.6);
  },
};

function draftScratch(part: RingPart, random: Random, severity: number): StrokePoint[] {
  const size = mix(between(random, 0.115, 0.15), between(random, 0.26, 0.42), severity);
  const half = mix(0.0034, between(random, 0.0046, 0.0066), severity);
  const bend = between(random, -0.006, 0.006);
  const draft = (): StrokePoint[] => {
    const place = random();
    const radius = between(random, 0.22, 0.35);
    // Across the tool marks rather than along them, or nobody could tell it from one.
    const heading = place + pick(random, 0, 0.5) + between(random, -0.17, 0.17);
    const x = radius * cosTurns(place) - 0.5 * size * cosTurns(heading);
    const y = radius * sinTurns(place) - 0.5 * size * sinTurns(heading);
    const taper = (along: number): number => half * (0.65 + 0.35 * smooth(0, 0.25, along) * smooth(1, 0.6, along));
    return walk(x, y, heading, 12, size / 12, () => bend, taper);
  };
  return bestOf(14, draft, (points) => shareOnMetal(part, points));
}

function paintScratch(surface: Surface, points: readonly StrokePoint[], severity: number): void {
  const strength = mix(0.85, 1, severity);
  eachOnStroke(surface, points, 0.012, (hit) => {
    const onMetal = at(surface.metal, hit.index) * strength;
    if (onMetal <= 0) return;
    const core = coverage(hit.distance - Math.max(hit.half, 0.4 * surface.pixel), surface.pixel) * onMetal;
    // Metal pushed out of the groove throws a thin dark line on one side.
    const burr = coverage(Math.abs(hit.side - hit.half - 0.0035) - 0.0035, surface.pixel) * onMetal;
    const shadow = 1 - 0.7 * burr;
    tone(surface, hit.index, shadow, shadow, shadow);
    blend(surface.red, hit.index, 1.6, core);
    blend(surface.green, hit.index, 1.62, core);
    blend(surface.blue, hit.index, 1.66, core);
    blend(surface.grainX, hit.index, 0, core);
    blend(surface.grainY, hit.index, 0, core);
    add(surface.normalX, hit.index, hit.dirY * 0.2 * core);
    add(surface.normalY, hit.index, -hit.dirX * 0.2 * core);
  });
}

export const crack: Defect = {
  mark(surface, scene, random, severity) {
    const from: CrackStart = pick(random, 'rim', 'seat', 'pocket');
    const trunk = bestOf(
      14,
      () => draftCrack(scene.part, from, random, severity),
      (points) => shareOnMetal(scene.part, points),
    );
    paintCrack(surface, trunk, scene, severity);
    const branches = Math.floor(mix(0, 2.99, severity) * (0.5 + 0.5 * random()));
    for (let n = 0; n < branches; n += 1) paintCrack(surface, draftBranch(trunk, random), scene, severity);
  },
};

/** Cracks start where stress gathers: at the outer edge, at the bush's seat or at a pocket. */
type CrackStart = 'rim' | 'seat' | 'pocket';

function draftCrack(part: RingPart, from: CrackStart, random: Random, severity: number): StrokePoint[] {
  const size = mix(between(random, 0.095, 0.12), between(random, 0.2, 0.27), severity);
  const half = mix(0.0039, between(random, 0.006, 0.0085), severity);
  const start = draftCrackStart(part, from, random);
  const steps = Math.max(6, Math.ceil(size / 0.016));
  let swing = 0;
  const jag = (): number => {
    const next = between(random, -0.13, 0.13);
    const turn = next - swing;
    swing = next;
    return turn;
  };
  return walk(start.x, start.y, start.turn, steps, size / steps, jag, (along) => half * (1 - 0.75 * along));
}

function draftCrackStart(part: RingPart, from: CrackStart, random: Random): { x: number; y: number; turn: number } {
  const place = random();
  const slant = between(random, -0.1, 0.1);
  const bolt = part.bolts[Math.floor(random() * part.bolts.length)];
  if (from === 'pocket' && bolt !== undefined) {
    const x = bolt.x + ring.pocketRadius * cosTurns(place);
    return { x, y: bolt.y + ring.pocketRadius * sinTurns(place), turn: place + slant };
  }
  const radius = from === 'rim' ? ring.outerRadius : ring.bushRadius;
  const turn = from === 'rim' ? place + 0.5 + slant : place + slant;
  return { x: radius * cosTurns(place), y: radius * sinTurns(place), turn };
}

function draftBranch(trunk: readonly StrokePoint[], random: Random): StrokePoint[] {
  const from = trunk[Math.floor(trunk.length * between(random, 0.25, 0.7))] as StrokePoint;
  const next = trunk[Math.min(trunk.length - 1, trunk.indexOf(from) + 1)] as StrokePoint;
  const size = length(next.x - from.x, next.y - from.y) + 1e-9;
  const side = random() < 0.5 ? 1 : -1;
  const points: StrokePoint[] = [from];
  const steps = 3 + Math.floor(random() * 3);
  let dirX = (next.x - from.x) / size;
  let dirY = (next.y - from.y) / size;
  for (let n = 1; n <= steps; n += 1) {
    const turn = side * (n === 1 ? 0.13 : 0) + between(random, -0.08, 0.08);
    const turnedX = dirX * cosTurns(turn) - dirY * sinTurns(turn);
    dirY = dirX * sinTurns(turn) + dirY * cosTurns(turn);
    dirX = turnedX;
    const last = points[points.length - 1] as StrokePoint;
    points.push({
      x: last.x + 0.015 * dirX,
      y: last.y + 0.015 * dirY,
      half: from.half * 0.7 * (1 - (0.7 * n) / steps),
    });
  }
  return points;
}

function paintCrack(surface: Surface, points: readonly StrokePoint[], scene: Scene, severity: number): void {
  const depth = mix(0.88, 0.96, severity);
  eachOnStroke(surface, points, 0.012, (hit) => {
    const onMetal = at(surface.metal, hit.index);
    if (onMetal <= 0) return;
    const open = coverage(hit.distance - Math.max(hit.half, 0.4 * surface.pixel), surface.pixel) * onMetal * depth;
    // The lip away from the lamp catches light.
    const toLamp = (hit.dirX * scene.light.y - hit.dirY * scene.light.x) * (hit.side > 0 ? 1 : -1);
    const lip = smooth(hit.half + 0.009, hit.half, hit.distance) * onMetal * (toLamp < 0 ? 1 : 0);
    tone(surface, hit.index, 1 + 0.25 * lip, 1 + 0.25 * lip, 1 + 0.25 * lip);
    tone(surface, hit.index, 1 - open, 1 - open, 1 - open);
    scale(surface.gloss, hit.index, 1 - open);
  });
}
