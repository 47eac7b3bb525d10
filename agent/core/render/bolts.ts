// Socket-head bolts in counterbored pockets.
import { cosTurns, length, mix, sinTurns, smooth } from './math.ts';
import { type Bolt, ringSizes as ring } from './part.ts';
import type { Light, Scene } from './scene.ts';
import { add, blend, coverage, eachNear, paint, type Surface, scale } from './surface.ts';

const pocketFloor = { red: 0.13, green: 0.13, blue: 0.135, gloss: 0.3 };
const hole = { red: 0.012, green: 0.012, blue: 0.013, gloss: 0.05 };
const socket = { red: 0.03, green: 0.03, blue: 0.033, gloss: 0.2 };

/** Paints all pockets and the bolts that are in them. */
export function paintBolts(surface: Surface, scene: Scene): void {
  for (const bolt of scene.part.bolts) {
    paintPocket(surface, bolt);
    if (!bolt.present) paintEmptyHole(surface, bolt);
  }
  for (const bolt of scene.part.bolts) {
    if (bolt.present) paintHead(surface, bolt, scene.light);
  }
}

function paintPocket(surface: Surface, bolt: Bolt): void {
  eachNear(surface, bolt.x, bolt.y, ring.pocketRadius + surface.pixel, (index, distance, dx, dy) => {
    const amount = coverage(distance - ring.pocketRadius, surface.pixel);
    // The pocket's edge is broken by a small countersink that faces inwards.
    const edge = -0.7 * smooth(ring.pocketRadius - 0.008, ring.pocketRadius - 0.004, distance);
    const r = distance + 1e-6;
    paint(surface, index, pocketFloor, amount, (edge * dx) / r, (edge * dy) / r);
    scale(surface.metal, index, 1 - amount);
  });
}

/** The tapped hole that shows where a bolt is missing; its floor is lighter when the fault is marginal. */
function paintEmptyHole(surface: Surface, bolt: Bolt): void {
  const holeRadius = 0.03;
  const floor = { red: 0.2 * bolt.tone, green: 0.2 * bolt.tone, blue: 0.205 * bolt.tone, gloss: 0.6 };
  eachNear(surface, bolt.x, bolt.y, ring.pocketRadius, (index, distance, dx, dy) => {
    const amount = coverage(distance - ring.pocketRadius + 0.008, surface.pixel);
    paint(surface, index, floor, amount);
    const r = distance + 1e-6;
    const thread = -0.8 * smooth(holeRadius - 0.012, holeRadius - 0.002, distance);
    const depth = coverage(distance - holeRadius, surface.pixel);
    // The first turns of the thread still catch some light.
    const shine = mix(1, 9 * bolt.tone, smooth(holeRadius - 0.006, holeRadius, distance));
    const inside = { red: hole.red * shine, green: hole.green * shine, blue: hole.blue * shine, gloss: hole.gloss };
    paint(surface, index, inside, depth, (thread * dx) / r, (thread * dy) / r);
  });
}

function paintHead(surface: Surface, bolt: Bolt, light: Light): void {
  const x = bolt.x + bolt.offsetX;
  const y = bolt.y + bolt.offsetY;
  shadeUnderHead(surface, x, y, bolt, light);
  const axisX = cosTurns(bolt.turn);
  const axisY = sinTurns(bolt.turn);
  const value = 0.47 * bolt.tone;
  const zinc = { red: value * 0.98, green: value, blue: value * 1.04, gloss: 1 };
  eachNear(surface, x, y, ring.headRadius + surface.pixel, (index, distance, dx, dy) => {
    const amount = coverage(distance - ring.headRadius, surface.pixel);
    const r = distance + 1e-6;
    const edge = 0.75 * smooth(ring.headRadius - 0.011, ring.headRadius - 0.006, distance);
    const tone = 1 - 0.25 * smooth(ring.headRadius - 0.004, ring.headRadius, distance);
    const metal = { red: zinc.red * tone, green: zinc.green * tone, blue: zinc.blue * tone, gloss: 1 };
    paint(surface, index, metal, amount, (edge * dx) / r + bolt.leanX, (edge * dy) / r + bolt.leanY);
    add(surface.grainX, index, ((-0.6 * dy) / r) * amount);
    add(surface.grainY, index, ((0.6 * dx) / r) * amount);
    blend(surface.lit, index, 1, amount);
    scale(surface.metal, index, 1 - amount);
    paintSocket(surface, index, dx, dy, hexagon(dx * axisX + dy * axisY, dy * axisX - dx * axisY));
  });
}

/** Distance to the socket's hexagon, negative inside. */
function hexagon(x: number, y: number): number {
  const half = 0.5 * x;
  const slant = 0.8660254 * y;
  return Math.max(Math.abs(x), Math.abs(half + slant), Math.abs(half - slant)) - ring.socketApothem;
}

function paintSocket(surface: Surface, index: number, dx: number, dy: number, distance: number): void {
  const amount = coverage(distance, surface.pixel);
  if (amount <= 0) return;
  const wall = smooth(-0.009, -0.001, distance);
  const r = length(dx, dy) + 1e-6;
  const value = mix(1, 3.2, wall);
  const inside = {
    red: socket.red * value,
    green: socket.green * value,
    blue: socket.blue * value,
    gloss: socket.gloss,
  };
  paint(surface, index, inside, amount, (-0.8 * wall * dx) / r, (-0.8 * wall * dy) / r);
}

/** A head that stands proud or leans throws a longer shadow. */
function shadeUnderHead(surface: Surface, x: number, y: number, bolt: Bolt, light: Light): void {
  const proud = 0.008 + 0.05 * length(bolt.leanX, bolt.leanY);
  const fall = proud / light.z;
  const reach = ring.headRadius + 0.014;
  eachNear(surface, x - light.x * fall, y - light.y * fall, reach, (index, distance) => {
    scale(surface.lit, index, 1 - 0.55 * smooth(reach, ring.headRadius - 0.006, distance));
  });
}
