// other: something that lies on the part and does not belong there.
import { bestOf, type Defect } from './defect.ts';
import { cosTurns, length, mix, noiseAt, sinTurns, smooth } from './math.ts';
import { ringSizes as ring } from './part.ts';
import { between, pick, type Random } from './prng.ts';
import type { Light, Scene } from './scene.ts';
import { eachOnStroke, type StrokePoint, walk } from './stroke.ts';
import { blend, coverage, eachNear, type Material, paint, type Surface, scale } from './surface.ts';

type Foreign = (surface: Surface, scene: Scene, random: Random, severity: number) => void;

export const other: Defect = {
  mark(surface, scene, random, severity) {
    const lay: Foreign = pick(random, hair, swarf, gloveScrap, oil, chips);
    lay(surface, scene, random, severity);
  },
};

function onPart(random: Random): { x: number; y: number } {
  const place = random();
  const radius = between(random, ring.bushRadius, ring.outerRadius - 0.05);
  return { x: radius * cosTurns(place), y: radius * sinTurns(place) };
}

/** A long, smooth, curling thread. */
function hair(surface: Surface, scene: Scene, random: Random, severity: number): void {
  const size = mix(between(random, 0.26, 0.32), between(random, 0.55, 0.8), severity);
  const half = mix(0.0034, 0.0048, severity);
  const [red, green, blue] = pick(random, [0.02, 0.014, 0.01], [0.03, 0.05, 0.22], [0.25, 0.03, 0.03]) as number[];
  const material: Material = { red: red ?? 0, green: green ?? 0, blue: blue ?? 0, gloss: 0.35 };
  const wave = between(random, -0.014, 0.014);
  const draft = (): StrokePoint[] => {
    const start = onPart(random);
    let curl = wave;
    const bend = (): number => {
      curl = curl * 0.97 + between(random, -0.011, 0.011);
      return curl;
    };
    const steps = Math.ceil(size / 0.018);
    return walk(start.x, start.y, random(), steps, size / steps, bend, () => half);
  };
  thread(surface, bestOf(8, draft, shareOnRing), material, scene.light, 0.006);
}

/** A curled chip from the lathe: a bright coil. */
function swarf(surface: Surface, scene: Scene, random: Random, severity: number): void {
  const size = mix(between(random, 0.09, 0.11), between(random, 0.2, 0.3), severity);
  const loop = mix(0.02, between(random, 0.028, 0.036), severity);
  const start = bestOf(
    8,
    () => onPart(random),
    (place) => -Math.abs(length(place.x, place.y) - 0.28),
  );
  const turn = random();
  const turns = Math.max(2.5, size / 0.034);
  const steps = Math.ceil(turns * 12);
  const points: StrokePoint[] = [];
  for (let n = 0; n <= steps; n += 1) {
    const t = n / steps;
    const u = (t - 0.5) * size + loop * 0.75 * cosTurns(t * turns);
    const v = loop * sinTurns(t * turns) + 0.25 * size * (t - 0.5) * (t - 0.5);
    const x = start.x + u * cosTurns(turn) - v * sinTurns(turn);
    points.push({ x, y: start.y + u * sinTurns(turn) + v * cosTurns(turn), half: 0.0042 });
  }
  thread(surface, points, { red: 0.8, green: 0.74, blue: 0.6, gloss: 1.2 }, scene.light, 0.012);
}

function shareOnRing(points: readonly StrokePoint[]): number {
  let on = 0;
  for (const point of points) {
    const radius = length(point.x, point.y);
    if (radius > ring.boreRadius && radius < ring.outerRadius) on += 1;
  }
  return on / points.length;
}

/** A round thread with its shadow. */
function thread(
  surface: Surface,
  points: readonly StrokePoint[],
  material: Material,
  light: Light,
  height: number,
): void {
  const fallX = (-light.x * height) / light.z;
  const fallY = (-light.y * height) / light.z;
  const shadow = points.map((point) => ({ x: point.x + fallX, y: point.y + fallY, half: point.half }));
  eachOnStroke(surface, shadow, 0.006, (hit) => {
    scale(surface.lit, hit.index, 1 - 0.6 * smooth(hit.half + 0.006, hit.half - 0.002, hit.distance));
  });
  eachOnStroke(surface, points, surface.pixel, (hit) => {
    const half = Math.max(hit.half, 0.4 * surface.pixel);
    const round = hit.side / half;
    const amount = coverage(hit.distance - half, surface.pixel);
    paint(surface, hit.index, material, amount, -hit.dirY * round * 0.9, hit.dirX * round * 0.9);
    blend(surface.lit, hit.index, 1, amount);
  });
}

/** A torn piece of a nitrile glove: flat colour, straight tears, folds. */
function gloveScrap(surface: Surface, scene: Scene, random: Random, severity: number): void {
  const size = mix(between(random, 0.042, 0.05), between(random, 0.09, 0.125), severity);
  const [red, green, blue] = pick(random, [0.05, 0.17, 0.5], [0.06, 0.32, 0.24], [0.55, 0.2, 0.04]) as number[];
  const material: Material = { red: red ?? 0, green: green ?? 0, blue: blue ?? 0, gloss: 0.3 };
  const place = onPart(random);
  const edges = drawEdges(random, 5);
  const fold = random();
  const pitch = between(random, 1.4, 2.4);
  layFlat(surface, place.x, place.y, size, edges, material, scene.light, (dx, dy) => {
    const across = (dx * cosTurns(fold) + dy * sinTurns(fold)) / size;
    const wave = 0.5 * sinTurns(across * pitch) + 0.25 * noiseAt(scene.look.noise, across * 3 + 5, dy / size);
    return [wave * cosTurns(fold), wave * sinTurns(fold)];
  });
}

/** Two to five flat metal chips. */
function chips(surface: Surface, scene: Scene, random: Random, severity: number): void {
  const count = 2 + Math.floor(random() * 2 + 2 * severity);
  const place = onPart(random);
  for (let n = 0; n < count; n += 1) {
    const size = mix(0.021, between(random, 0.03, 0.045), severity);
    const leanX = between(random, -0.3, 0.3);
    const leanY = between(random, -0.3, 0.3);
    const x = place.x + between(random, -0.06, 0.06);
    const y = place.y + between(random, -0.06, 0.06);
    const material: Material = { red: 0.95, green: 0.58, blue: 0.12, gloss: 1.4 };
    layFlat(surface, x, y, size, drawEdges(random, 3), material, scene.light, () => [leanX, leanY]);
  }
}

interface Edge {
  readonly x: number;
  readonly y: number;
  readonly out: number;
}

function drawEdges(random: Random, count: number): Edge[] {
  const turn = random();
  return Array.from({ length: count }, (_, n) => {
    const at = turn + (n + between(random, -0.28, 0.28)) / count;
    return { x: cosTurns(at), y: sinTurns(at), out: between(random, 0.55, 1) };
  });
}

/** Lays a flat many-sided piece with its shadow on the part. */
function layFlat(
  surface: Surface,
  x: number,
  y: number,
  size: number,
  edges: readonly Edge[],
  material: Material,
  light: Light,
  slope: (dx: number, dy: number) => readonly [number, number],
): void {
  const outside = (dx: number, dy: number): number => {
    let most = length(dx, dy) - size * 1.25;
    for (const edge of edges) most = Math.max(most, dx * edge.x + dy * edge.y - size * edge.out);
    return most;
  };
  const fallX = (-light.x * 0.012) / light.z;
  const fallY = (-light.y * 0.012) / light.z;
  eachNear(surface, x + fallX, y + fallY, size * 1.4, (index, _distance, dx, dy) => {
    scale(surface.lit, index, 1 - 0.55 * smooth(0.005, -0.005, outside(dx, dy)));
  });
  eachNear(surface, x, y, size * 1.3, (index, _distance, dx, dy) => {
    const amount = coverage(outside(dx, dy), surface.pixel);
    if (amount <= 0) return;
    const [slopeX, slopeY] = slope(dx, dy);
    paint(surface, index, material, amount, slopeX, slopeY);
    blend(surface.lit, index, 1, amount);
  });
}

/** A thick, dark drop of oil or grease with the lamp's reflection in it, and a few small ones beside it. */
function oil(surface: Surface, scene: Scene, random: Random, severity: number): void {
  const size = mix(between(random, 0.036, 0.042), between(random, 0.075, 0.1), severity);
  const colour = pick(random, greaseBlack, oilAmber);
  const place = onPart(random);
  drop(surface, scene, { x: place.x, y: place.y, size, colour, shape: random() * 50 });
  const count = Math.floor(random() * 4);
  for (let n = 0; n < count; n += 1) {
    const turn = random();
    const out = size * between(random, 1.4, 1.9);
    const x = place.x + out * cosTurns(turn);
    const y = place.y + out * sinTurns(turn);
    drop(surface, scene, { x, y, size: size * between(random, 0.16, 0.34), colour, shape: random() * 50 });
  }
}

const greaseBlack: Material = { red: 0.014, green: 0.013, blue: 0.014, gloss: 0.2 };
const oilAmber: Material = { red: 0.11, green: 0.045, blue: 0.006, gloss: 0.2 };

interface Drop {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly colour: Material;
  /** Where in the noise its outline is read. */
  readonly shape: number;
}

function drop(surface: Surface, scene: Scene, { x, y, size, colour, shape }: Drop): void {
  const { light, look } = scene;
  eachNear(surface, x, y, size * 1.6, (index, distance, dx, dy) => {
    const wobble = 1 + 0.32 * noiseAt(look.noise, (dx * 1.3) / size + shape, (dy * 1.3) / size);
    const q = distance / (size * wobble);
    const amount = coverage((q - 1) * size, surface.pixel);
    if (amount <= 0) return;
    const slope = 0.5 * q * q * q;
    const r = distance + 1e-6;
    paint(surface, index, colour, amount * smooth(1.1, 0.8, q), (slope * dx) / r, (slope * dy) / r);
    const glint = length(dx - 0.5 * size * light.x, dy - 0.5 * size * light.y) - 0.17 * size;
    paint(surface, index, { red: 1.5, green: 1.5, blue: 1.5, gloss: 0 }, 0.9 * coverage(glint, 2 * surface.pixel));
  });
}
