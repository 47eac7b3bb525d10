import { LinegateError } from '../errors.ts';
import { describe } from './describe.ts';

/** Lowest and highest value drawn for a picture. */
export type Range = readonly [low: number, high: number];

/** What the camera and the lamp do; every entry is drawn anew for each picture. Pixels are those of a 160 px frame. */
export interface RingDomain {
  /** Brightness of the lamp; 1 is well exposed. */
  readonly light: Range;
  /** Where the lamp stands around the part, in turns: 0 is right, 0.25 is below in the picture. */
  readonly lightTurn: Range;
  /** Height of the lamp over the belt. */
  readonly lightElevationDeg: Range;
  /** Share of brightness lost from the lit to the far side of the frame. */
  readonly gradient: Range;
  /** Colour of the light: negative bluish, positive yellowish. */
  readonly warmth: Range;
  /** Standard deviation of the camera noise in counts of 255. */
  readonly noise: Range;
  /** Standard deviation of the blur. */
  readonly blurPx: Range;
  /** Angle between the camera and the vertical. */
  readonly tiltDeg: Range;
  /** How far the part lies off the centre, in each axis. */
  readonly jitterPx: Range;
  /** Size of the part against the nominal one. */
  readonly scale: Range;
}

/** `standard` is what models are trained on; `shifted` is what a trainer never sees, to measure how a model takes change. */
export const ringDomains = {
  standard: {
    light: [0.86, 1.14],
    lightTurn: [0.55, 0.8],
    lightElevationDeg: [48, 66],
    gradient: [0.15, 0.38],
    warmth: [-0.04, 0.06],
    noise: [1.6, 3.6],
    blurPx: [0.4, 0.75],
    tiltDeg: [0, 3.5],
    jitterPx: [-5, 5],
    scale: [0.96, 1.04],
  },
  shifted: {
    light: [0.66, 0.82],
    lightTurn: [0.85, 1.1],
    lightElevationDeg: [40, 50],
    gradient: [0.4, 0.58],
    warmth: [0.07, 0.14],
    noise: [4, 6.5],
    blurPx: [0.85, 1.2],
    tiltDeg: [6, 10],
    jitterPx: [-7, 7],
    scale: [0.92, 1.04],
  },
} as const satisfies Record<string, RingDomain>;

const limits: Readonly<Record<keyof RingDomain, Range>> = {
  light: [0.1, 4],
  lightTurn: [-4, 4],
  lightElevationDeg: [20, 90],
  gradient: [0, 0.9],
  warmth: [-0.5, 0.5],
  noise: [0, 60],
  blurPx: [0, 8],
  tiltDeg: [0, 30],
  jitterPx: [-80, 80],
  scale: [0.2, 2],
};

/** Throws bad-argument when an entry is not a pair of finite numbers, low before high, within what can be drawn. */
export function checkRingDomain(domain: RingDomain): void {
  if (typeof domain !== 'object' || domain === null) {
    throw new LinegateError('bad-argument', `The domain must be one of ringDomains or alike, not ${describe(domain)}.`);
  }
  for (const [name, [lowest, highest]] of Object.entries(limits)) {
    const range: unknown = Reflect.get(domain, name);
    if (isRangeWithin(range, lowest, highest)) continue;
    throw new LinegateError(
      'bad-argument',
      `The domain's ${name} must be two numbers, low then high, within ${lowest} to ${highest}, not ${describe(range)}.`,
    );
  }
}

function isRangeWithin(range: unknown, lowest: number, highest: number): boolean {
  if (!Array.isArray(range) || range.length !== 2) return false;
  const [low, high] = range as unknown[];
  if (typeof low !== 'number' || typeof high !== 'number') return false;
  return low >= lowest && high <= highest && low <= high;
}
