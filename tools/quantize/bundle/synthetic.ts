import type { PreprocessSpec } from '../../../agent/core/frame.ts';

/** A random number from 0 to 1 by turn, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  // A number of its own that V8 needs no object for.
  const state = Int32Array.of(seed);
  return () => {
    const next = ((state[0] ?? 0) + 0x6d2b79f5) | 0;
    state[0] = next;
    let mixed = Math.imul(next ^ (next >>> 15), next | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A made-up part: a rounded blob with waves and spots on a plain ground, the same for the same seed. It stands in for
 * photographs that may not be passed on. uint8 [1, heightPx, widthPx, channels].
 */
export function syntheticPicture(spec: PreprocessSpec, seed: number): Uint8Array {
  const random = randomOf(seed);
  const channels = spec.colour === 'rgb' ? 3 : 1;
  const [ground, body, spot] = [grey(random, 180, 50), colour(random, 60, 160), colour(random, 10, 120)];
  const part = ellipse(random, 0.5, 0.5, 0.22, 0.45);
  const spots = Array.from({ length: Math.floor(random() * 6) }, () =>
    ellipse(random, 0.2 + 0.6 * random(), 0.2 + 0.6 * random(), 0.02, 0.14),
  );
  const wave = [random() * 20, random() * 20, random() * 6.3, random() * 30];
  const pixels = new Uint8Array(spec.widthPx * spec.heightPx * channels);
  const [fx = 0, fy = 0, phase = 0, depth = 0] = wave;
  for (let at = 0; at < spec.widthPx * spec.heightPx; at += 1) {
    const x = (at % spec.widthPx) / spec.widthPx;
    const y = Math.floor(at / spec.widthPx) / spec.heightPx;
    const inside = isInside(part, x, y);
    const base = !inside ? ground : isWithin(spots, x, y) ? spot : body;
    const shade = inside ? depth * Math.sin(fx * x + fy * y + phase) : 0;
    for (let c = 0; c < channels; c += 1) {
      const value = Math.round((base[c] ?? 0) + shade + 6 * (random() - 0.5));
      pixels[at * channels + c] = Math.min(255, Math.max(0, value));
    }
  }
  return pixels;
}

function isWithin(spots: readonly Ellipse[], x: number, y: number): boolean {
  for (const spot of spots) if (isInside(spot, x, y)) return true;
  return false;
}

/** An ellipse: its centre, its half axes and which way it is turned. */
interface Ellipse {
  readonly cx: number;
  readonly cy: number;
  readonly a: number;
  readonly b: number;
  readonly cos: number;
  readonly sin: number;
}

type Colour = readonly [number, number, number];

function grey(random: () => number, from: number, span: number): Colour {
  const level = from + span * random();
  return [level, level, level];
}

function colour(random: () => number, from: number, span: number): Colour {
  return [from + span * random(), from + span * random(), from + span * random()];
}

function ellipse(random: () => number, cx: number, cy: number, least: number, most: number): Ellipse {
  const [a, b, turn] = [least + (most - least) * random(), least + (most - least) * random(), 3.15 * random()];
  return { cx, cy, a, b, cos: Math.cos(turn), sin: Math.sin(turn) };
}

function isInside({ cx, cy, a, b, cos, sin }: Ellipse, x: number, y: number): boolean {
  const dx = x - cx;
  const dy = y - cy;
  const u = dx * cos + dy * sin;
  const v = dy * cos - dx * sin;
  return (u / a) * (u / a) + (v / b) * (v / b) < 1;
}
