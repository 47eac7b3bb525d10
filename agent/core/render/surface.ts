import { at, clamp } from './math.ts';

/** What lies under every pixel, before light: one plane of size x size numbers for each property. */
export interface Surface {
  readonly sizePx: number;
  /** Width of one pixel in the part's units. */
  readonly pixel: number;
  /** Where the part's centre is in the frame, and how far tilt may move a point from where a plain scale would put it. */
  readonly centreX: number;
  readonly centreY: number;
  readonly slack: number;
  /** The part's coordinates on its top face. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** The slope of the surface; 0, 0 faces straight up. */
  readonly normalX: Float32Array;
  readonly normalY: Float32Array;
  /** Direction of the tool marks, times how marked they are; 0, 0 has none. */
  readonly grainX: Float32Array;
  readonly grainY: Float32Array;
  /** Share of light given back, linear. */
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  /** 0 dull, 1 metal, above 1 wet. */
  readonly gloss: Float32Array;
  /** Share of the light that arrives: 1 in the open, less in shadow. */
  readonly lit: Float32Array;
  /** 1 on the bare metal of the ring and the bush, 0 on belt, bolts and pockets: where marks can be. */
  readonly metal: Float32Array;
}

export interface Material {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly gloss: number;
}

export interface Placement {
  readonly centreX: number;
  readonly centreY: number;
  readonly scale: number;
}

export function newSurface(sizePx: number, placement: Placement, slack: number): Surface {
  const plane = (): Float32Array => new Float32Array(sizePx * sizePx);
  return {
    sizePx,
    pixel: 1 / (sizePx * placement.scale),
    centreX: placement.centreX,
    centreY: placement.centreY,
    slack,
    x: plane(),
    y: plane(),
    normalX: plane(),
    normalY: plane(),
    grainX: plane(),
    grainY: plane(),
    red: plane(),
    green: plane(),
    blue: plane(),
    gloss: plane(),
    lit: plane().fill(1),
    metal: plane(),
  };
}

/** Share of a pixel that a shape covers whose edge is `distance` away (negative inside). */
export function coverage(distance: number, pixel: number): number {
  return clamp(0.5 - distance / pixel, 0, 1);
}

export function blend(plane: Float32Array, index: number, value: number, amount: number): void {
  const old = at(plane, index);
  plane[index] = old + (value - old) * amount;
}

export function scale(plane: Float32Array, index: number, factor: number): void {
  plane[index] = at(plane, index) * factor;
}

export function add(plane: Float32Array, index: number, value: number): void {
  plane[index] = at(plane, index) + value;
}

/** Covers `amount` of a pixel with a material that is smooth and faces (normalX, normalY). */
export function paint(
  surface: Surface,
  index: number,
  material: Material,
  amount: number,
  normalX = 0,
  normalY = 0,
): void {
  blend(surface.red, index, material.red, amount);
  blend(surface.green, index, material.green, amount);
  blend(surface.blue, index, material.blue, amount);
  blend(surface.gloss, index, material.gloss, amount);
  blend(surface.normalX, index, normalX, amount);
  blend(surface.normalY, index, normalY, amount);
  scale(surface.grainX, index, 1 - amount);
  scale(surface.grainY, index, 1 - amount);
}

/** Multiplies the colour of a pixel. */
export function tone(surface: Surface, index: number, red: number, green: number, blue: number): void {
  scale(surface.red, index, red);
  scale(surface.green, index, green);
  scale(surface.blue, index, blue);
}

/** Calls `visit` for every pixel whose point lies within `reach` of a point of the part. */
export function eachNear(
  surface: Surface,
  x: number,
  y: number,
  reach: number,
  visit: (index: number, distance: number, dx: number, dy: number) => void,
): void {
  const { sizePx, pixel } = surface;
  const middleX = (surface.centreX + 0.5) * sizePx + x / pixel;
  const middleY = (surface.centreY + 0.5) * sizePx + y / pixel;
  const half = (reach * 1.25 + surface.slack) / pixel + 1;
  const left = clamp(Math.floor(middleX - half), 0, sizePx);
  const right = clamp(Math.ceil(middleX + half), 0, sizePx);
  const bottom = clamp(Math.ceil(middleY + half), 0, sizePx);
  for (let row = clamp(Math.floor(middleY - half), 0, sizePx); row < bottom; row += 1) {
    for (let index = row * sizePx + left; index < row * sizePx + right; index += 1) {
      const dx = at(surface.x, index) - x;
      const dy = at(surface.y, index) - y;
      const square = dx * dx + dy * dy;
      if (square < reach * reach) visit(index, Math.sqrt(square), dx, dy);
    }
  }
}
