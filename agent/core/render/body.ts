// The belt, its shadow, and the ring without bolts.
import { at, clamp, length, mix, noiseAt, smooth } from './math.ts';
import { type RingPart, ringSizes as ring } from './part.ts';
import type { Light, Look, Pose, Scene } from './scene.ts';
import { add, blend, coverage, newSurface, paint, type Surface, tone } from './surface.ts';

/** Lays the frame over the part: which point of the part's top face each pixel sees. */
export function layOut(pose: Pose, sizePx: number): Surface {
  const stretch = Math.sqrt(1 + pose.leanTangent * pose.leanTangent) - 1;
  const surface = newSurface(sizePx, pose, 0.4 * pose.leanTangent + stretch);
  for (let row = 0, index = 0; row < sizePx; row += 1) {
    const v = ((row + 0.5) / sizePx - 0.5 - pose.centreY) / pose.scale;
    for (let column = 0; column < sizePx; column += 1, index += 1) {
      const u = ((column + 0.5) / sizePx - 0.5 - pose.centreX) / pose.scale;
      const along = u * pose.leanX + v * pose.leanY;
      const nearness = 1 + 0.5 * pose.leanTangent * along;
      surface.x[index] = (u + pose.leanX * along * stretch) * nearness;
      surface.y[index] = (v + pose.leanY * along * stretch) * nearness;
    }
  }
  return surface;
}

/** Paints the belt and on it the ring's wall, face, bush and bore. */
export function paintBody(surface: Surface, scene: Scene): void {
  const { look, part, pose, light } = scene;
  const shiftX = pose.leanX * pose.leanTangent * ring.height;
  const shiftY = pose.leanY * pose.leanTangent * ring.height;
  for (let index = 0; index < surface.x.length; index += 1) {
    const x = at(surface.x, index);
    const y = at(surface.y, index);
    const rim = length(x, y) - outerRadiusAt(part, x, y);
    const bore = length(x - part.bushX, y - part.bushY) - ring.boreRadius;
    const face = coverage(Math.max(rim, -bore), surface.pixel);
    if (face < 1) {
      paintBelt(surface, index, x + shiftX, y + shiftY, look, light);
      paintWall(surface, index, shiftX, shiftY, scene);
    }
    if (face > 0) paintFace(surface, index, x, y, face, scene);
  }
}

/** The outer radius in the direction of a point; a rim dent flattens it. */
function outerRadiusAt(part: RingPart, x: number, y: number): number {
  const dent = part.rimDent;
  if (dent === undefined) return ring.outerRadius;
  const near = dent.radius - length(x - dent.x, y - dent.y);
  return ring.outerRadius - Math.max(0, near) * 0.75;
}

function paintBelt(surface: Surface, index: number, x: number, y: number, look: Look, light: Light): void {
  const grain = noiseAt(look.noise, x * 75 + 7, y * 75) * 0.16 + noiseAt(look.noise, x * 9, y * 9 + 31) * 0.14;
  const weave = noiseAt(look.noise, x * 42 + y * 3, y * 5) * 0.1;
  const value = 1 + grain + weave;
  const [red, green, blue] = look.belt;
  paint(surface, index, { red: red * value, green: green * value, blue: blue * value, gloss: 0.12 }, 1);
  const fall = ring.height / light.z;
  const shadow = outsideRing(x + light.x * fall, y + light.y * fall);
  const contact = outsideRing(x, y);
  surface.lit[index] = (1 - 0.68 * smooth(0.022, -0.02, shadow)) * (1 - 0.5 * smooth(0.05, -0.01, contact));
}

function outsideRing(x: number, y: number): number {
  const radius = length(x, y);
  return Math.max(radius - ring.outerRadius, ring.boreRadius - radius);
}

/** The side of the ring and of the bore, seen when the camera leans. */
function paintWall(surface: Surface, index: number, shiftX: number, shiftY: number, scene: Scene): void {
  const x = at(surface.x, index);
  const y = at(surface.y, index);
  const { part, look } = scene;
  const lowX = x + shiftX;
  const lowY = y + shiftY;
  const top = length(x, y) - outerRadiusAt(part, x, y);
  const low = length(lowX, lowY) - outerRadiusAt(part, lowX, lowY);
  const boreX = x - part.bushX;
  const boreY = y - part.bushY;
  const boreTop = length(boreX, boreY) - ring.boreRadius;
  const boreLow = length(boreX + shiftX, boreY + shiftY) - ring.boreRadius;
  const amount = coverage(Math.max(Math.min(top, low), -Math.max(boreTop, boreLow)), surface.pixel);
  if (amount <= 0) return;
  const inside = boreTop < 0.02;
  const radius = length(x, y) + 1e-6;
  const facing = inside ? -0.8 : 0.8;
  const [red, green, blue] = inside ? look.bronze : look.steel;
  const wall = { red: red * 0.45, green: green * 0.45, blue: blue * 0.45, gloss: 0.4 };
  paint(surface, index, wall, amount, (facing * x) / radius, (facing * y) / radius);
  blend(surface.lit, index, 0.8, amount);
}

function paintFace(surface: Surface, index: number, x: number, y: number, amount: number, scene: Scene): void {
  const { look, part } = scene;
  const bushX = x - part.bushX;
  const bushY = y - part.bushY;
  const bushDistance = length(bushX, bushY);
  const onBush = coverage(bushDistance - ring.bushRadius, surface.pixel);
  const inSeat = coverage(length(x, y) - ring.bushRadius - ring.bushGap, surface.pixel);
  const radius = length(x, y) + 1e-6;
  turnedMetal(surface, index, x / radius, y / radius, radius, amount, look, look.steel, steelSlope(radius));
  blend(surface.lit, index, 1, amount);
  if (inSeat > 0) {
    paint(surface, index, { red: 0.035, green: 0.035, blue: 0.038, gloss: 0.1 }, inSeat * amount * (1 - onBush));
  }
  if (onBush > 0) {
    const r = bushDistance + 1e-6;
    turnedMetal(surface, index, bushX / r, bushY / r, r, onBush * amount, look, look.bronze, bushSlope(r));
  }
  const stain = noiseAt(look.noise, x * 6 + 11, y * 6 + 3) + 0.5 * noiseAt(look.noise, x * 15, y * 15 + 9);
  const value = 1 + look.smudge * stain * amount;
  tone(surface, index, value, value, value);
  surface.metal[index] = amount;
}

/** Slope of the turned steel face along its radius: outer chamfer and a V groove. */
function steelSlope(radius: number): number {
  const chamfer =
    0.85 * smooth(ring.outerRadius - ring.chamfer - 0.002, ring.outerRadius - ring.chamfer + 0.002, radius);
  const groove = clamp((ring.grooveRadius - radius) / 0.006, -1, 1);
  const inGroove = smooth(0.008, 0.005, Math.abs(radius - ring.grooveRadius));
  return chamfer - 0.55 * inGroove * (groove === 0 ? 0 : groove > 0 ? 1 : -1) * Math.abs(groove);
}

/** Slope of the bush: chamfers at the bore and at its outer edge. */
function bushSlope(radius: number): number {
  const inner = 0.8 * smooth(ring.boreRadius + 0.016, ring.boreRadius + 0.012, radius);
  const outer = 0.6 * smooth(ring.bushRadius - 0.009, ring.bushRadius - 0.005, radius);
  return outer - inner;
}

function turnedMetal(
  surface: Surface,
  index: number,
  outX: number,
  outY: number,
  radius: number,
  amount: number,
  look: Look,
  colour: readonly [number, number, number],
  slope: number,
): void {
  const place = clamp(radius * 1024, 0, 510);
  const entry = Math.floor(place);
  const mark = mix(at(look.toolMarks, entry), at(look.toolMarks, entry + 1), place - entry);
  // Along the cut the marks fade in and out.
  const along = 0.75 + 0.5 * noiseAt(look.noise, outX * 5 + radius * 9, outY * 5);
  const cut = look.toolDepth * mark * along;
  const value = 1 + cut * 0.55;
  const [red, green, blue] = colour;
  paint(surface, index, { red: red * value, green: green * value, blue: blue * value, gloss: 1 }, amount);
  add(surface.normalX, index, outX * (slope + cut) * amount);
  add(surface.normalY, index, outY * (slope + cut) * amount);
  add(surface.grainX, index, -outY * amount);
  add(surface.grainY, index, outX * amount);
}
