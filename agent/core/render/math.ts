// Math.sin, cos, exp and pow may differ in the last bit between machines; + - * / and sqrt may not. All here uses only those.
import type { Random } from './prng.ts';

/** Where a plane of numbers is read: the index is always in range by construction of the loops that use it. */
export function at(plane: Float32Array, index: number): number {
  return plane[index] as number;
}

export function clamp(value: number, low: number, high: number): number {
  if (value < low) return low;
  return Math.min(value, high);
}

/** A straight line from `from` (amount 0) to `to` (amount 1). */
export function mix(from: number, to: number, amount: number): number {
  return from + (to - from) * amount;
}

/** 0 below `low`, 1 above `high`, an S between; also falling when low > high. */
export function smooth(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}

/** Length of a vector; Math.hypot is left to the machine by the standard. */
export function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** Sine of an angle in turns (1 turn = 360 degrees), to 4e-6. */
export function sinTurns(turns: number): number {
  let t = turns - Math.floor(turns + 0.5);
  if (t > 0.25) t = 0.5 - t;
  else if (t < -0.25) t = -0.5 - t;
  const x = t * 6.283185307179586;
  const q = x * x;
  return x * (1 + q * (-1 / 6 + q * (1 / 120 + q * (-1 / 5040 + q / 362880))));
}

/** Cosine of an angle in turns, to 4e-6. */
export function cosTurns(turns: number): number {
  return sinTurns(turns + 0.25);
}

/** value to the power of 2^doublings. */
export function powerOfTwo(value: number, doublings: number): number {
  let result = value;
  for (let n = 0; n < doublings; n += 1) result *= result;
  return result;
}

const tileSide = 64;

/** A tile of 64 x 64 lattice values in -1..1 that repeats; read it with noiseAt. */
export function noiseTile(random: Random): Float32Array {
  const tile = new Float32Array(tileSide * tileSide);
  for (let i = 0; i < tile.length; i += 1) tile[i] = random() * 2 - 1;
  return tile;
}

/** Smooth noise in -1..1 at a point of the plane; one lattice step is 1. */
export function noiseAt(tile: Float32Array, x: number, y: number): number {
  const floorX = Math.floor(x);
  const floorY = Math.floor(y);
  const fx = x - floorX;
  const fy = y - floorY;
  const left = floorX & 63;
  const right = (left + 1) & 63;
  const top = (floorY & 63) * tileSide;
  const bottom = ((floorY + 1) & 63) * tileSide;
  const sx = fx * fx * (3 - 2 * fx);
  const upper = mix(at(tile, top + left), at(tile, top + right), sx);
  const lower = mix(at(tile, bottom + left), at(tile, bottom + right), sx);
  return mix(upper, lower, fy * fy * (3 - 2 * fy));
}
