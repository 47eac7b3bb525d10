// Lines with a width: scratches, cracks, hairs, swarf.
import { at, clamp, cosTurns, length, mix, sinTurns } from './math.ts';
import { distanceToPockets, type RingPart, ringSizes as ring } from './part.ts';
import { eachNear, type Surface } from './surface.ts';

export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  /** Half of the width here. */
  readonly half: number;
}

/** What a pixel near a stroke sees of it. */
export interface StrokeHit {
  index: number;
  /** Distance to the line's middle. */
  distance: number;
  /** The same, negative on the left side of the line. */
  side: number;
  /** Half of the line's width at the nearest point. */
  half: number;
  /** 0 at the line's start, 1 at its end. */
  along: number;
  /** Direction of the line. */
  dirX: number;
  dirY: number;
}

/** Calls `visit` once for every pixel within `reach` beyond the stroke's edge, with the nearest place of the stroke. */
export function eachOnStroke(
  surface: Surface,
  points: readonly StrokePoint[],
  reach: number,
  visit: (hit: StrokeHit) => void,
): void {
  const nearest = new Float32Array(surface.x.length).fill(1e9);
  const segment = new Int16Array(surface.x.length);
  for (let n = 1; n < points.length; n += 1) noteNearest(surface, points, n, reach, nearest, segment);
  const hit: StrokeHit = { index: 0, distance: 0, side: 0, half: 0, along: 0, dirX: 0, dirY: 0 };
  for (let index = 0; index < nearest.length; index += 1) {
    if (at(nearest, index) >= reach) continue;
    locate(surface, points, segment[index] as number, index, hit);
    visit(hit);
  }
}

function noteNearest(
  surface: Surface,
  points: readonly StrokePoint[],
  n: number,
  reach: number,
  nearest: Float32Array,
  segment: Int16Array,
): void {
  const a = points[n - 1] as StrokePoint;
  const b = points[n] as StrokePoint;
  const wide = Math.max(a.half, b.half);
  const spanX = b.x - a.x;
  const spanY = b.y - a.y;
  const square = spanX * spanX + spanY * spanY + 1e-12;
  const around = 0.5 * Math.sqrt(square) + wide + reach;
  eachNear(surface, a.x + 0.5 * spanX, a.y + 0.5 * spanY, around, (index, _distance, dx, dy) => {
    const t = clamp(((dx + 0.5 * spanX) * spanX + (dy + 0.5 * spanY) * spanY) / square, 0, 1);
    const away = length(dx + (0.5 - t) * spanX, dy + (0.5 - t) * spanY) - mix(a.half, b.half, t);
    if (away >= at(nearest, index)) return;
    nearest[index] = away;
    segment[index] = n;
  });
}

function locate(surface: Surface, points: readonly StrokePoint[], n: number, index: number, hit: StrokeHit): void {
  const a = points[n - 1] as StrokePoint;
  const b = points[n] as StrokePoint;
  const spanX = b.x - a.x;
  const spanY = b.y - a.y;
  const size = length(spanX, spanY) + 1e-9;
  const dx = at(surface.x, index) - a.x;
  const dy = at(surface.y, index) - a.y;
  const t = clamp((dx * spanX + dy * spanY) / (size * size), 0, 1);
  hit.index = index;
  hit.distance = length(dx - t * spanX, dy - t * spanY);
  hit.side = (spanX * dy - spanY * dx) / size;
  hit.half = mix(a.half, b.half, t);
  hit.along = (n - 1 + t) / (points.length - 1);
  hit.dirX = spanX / size;
  hit.dirY = spanY / size;
}

/** A line that leaves a point in a direction (turns) and bends by `bend(n)` turns before each of its steps. */
export function walk(
  x: number,
  y: number,
  turn: number,
  steps: number,
  stepLength: number,
  bend: (step: number) => number,
  half: (along: number) => number,
): StrokePoint[] {
  const points: StrokePoint[] = [{ x, y, half: half(0) }];
  let heading = turn;
  let atX = x;
  let atY = y;
  for (let n = 1; n <= steps; n += 1) {
    heading += bend(n);
    atX += stepLength * cosTurns(heading);
    atY += stepLength * sinTurns(heading);
    points.push({ x: atX, y: atY, half: half(n / steps) });
  }
  return points;
}

/** Share of a stroke's points that lie on bare metal, off bolts, bore and edge. */
export function shareOnMetal(part: RingPart, points: readonly StrokePoint[]): number {
  let on = 0;
  for (const point of points) {
    const radius = length(point.x, point.y);
    const onRing = radius > ring.boreRadius + 0.012 && radius < ring.outerRadius - 0.03;
    if (onRing && distanceToPockets(part, point.x, point.y) > 0.004) on += 1;
  }
  return on / points.length;
}
