import { at, clamp, powerOfTwo } from './math.ts';
import type { Light, Pose } from './scene.ts';
import type { Surface } from './surface.ts';

/** Linear light that reaches the camera, one plane for each colour. */
export interface Radiance {
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
}

const ambient = 0.17;
const diffuse = 0.27;
const grainShine = 0.7;
const gloss = 0.22;

/**
 * Shades the surface under one lamp and a dim room. Turned metal shines along the direction across its tool marks, as on
 * a real lathe part, where the two bright fans come from.
 */
export function shade(surface: Surface, light: Light, pose: Pose): Radiance {
  const count = surface.x.length;
  const out = { red: new Float32Array(count), green: new Float32Array(count), blue: new Float32Array(count) };
  const half = halfVector(light, pose);
  const warmRed = light.power * (1 + light.warmth);
  const warmBlue = light.power * (1 - light.warmth);
  for (let index = 0; index < count; index += 1) {
    const value = brightness(surface, index, light, half) * poolAt(surface, index, light);
    out.red[index] = at(surface.red, index) * value * warmRed;
    out.green[index] = at(surface.green, index) * value * light.power;
    out.blue[index] = at(surface.blue, index) * value * warmBlue;
  }
  return out;
}

interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Half-way between the lamp and the camera, the direction a mirror would have to face. */
function halfVector(light: Light, pose: Pose): Vector {
  const x = light.x - pose.leanX * pose.leanTangent;
  const y = light.y - pose.leanY * pose.leanTangent;
  const z = light.z + 1;
  const size = Math.sqrt(x * x + y * y + z * z);
  return { x: x / size, y: y / size, z: z / size };
}

function brightness(surface: Surface, index: number, light: Light, half: Vector): number {
  const slopeX = at(surface.normalX, index);
  const slopeY = at(surface.normalY, index);
  const up = 1 / Math.sqrt(1 + slopeX * slopeX + slopeY * slopeY);
  const facing = clamp((slopeX * light.x + slopeY * light.y + light.z) * up, 0, 1);
  const shine = at(surface.gloss, index);
  const mirror = clamp((slopeX * half.x + slopeY * half.y + half.z) * up, 0, 1);
  const grainX = at(surface.grainX, index);
  const grainY = at(surface.grainY, index);
  const grain = grainX * grainX + grainY * grainY;
  // The tool mark follows the surface, so a dent bends the fans of light that cross it.
  const rise = -(grainX * slopeX + grainY * slopeY);
  const along = grainX * half.x + grainY * half.y + rise * half.z;
  const fan = grain * powerOfTwo(clamp(1 - along * along, 0, 1), 5) * facing;
  const glint = powerOfTwo(mirror, 4) * (1 + shine);
  const lit = at(surface.lit, index);
  return ambient * (0.4 + 0.6 * lit) + lit * (diffuse * facing + shine * (grainShine * fan + gloss * glint * glint));
}

/** Unevenness of the lamp over the frame. */
function poolAt(surface: Surface, index: number, light: Light): number {
  const dx = at(surface.x, index) - light.poolX;
  const dy = at(surface.y, index) - light.poolY;
  const far = dx * dx + dy * dy;
  return 1.12 - light.gradient * clamp(far * 1.35, 0, 1.6);
}
