// dent, missing-component and misalignment: the part itself has another shape.
import { bestOf, type Defect } from './defect.ts';
import { at, cosTurns, mix, noiseAt, sinTurns, smooth } from './math.ts';
import { type Bolt, distanceToPockets, type RingPart, ringSizes as ring } from './part.ts';
import { between, type Random } from './prng.ts';
import { add, eachNear, type Surface, tone } from './surface.ts';

export const dent: Defect = {
  alterPart(part, random, severity) {
    if (random() >= 0.3) return part;
    const place = random();
    const radius = mix(0.04, between(random, 0.075, 0.1), severity);
    // The blow's middle lies outside the edge, so that the flat is a shallow bite.
    const out = ring.outerRadius + 0.25 * radius;
    return { ...part, rimDent: { x: out * cosTurns(place), y: out * sinTurns(place), radius } };
  },
  mark(surface, scene, random, severity) {
    const rim = scene.part.rimDent;
    if (rim !== undefined) return markRim(surface, rim.x, rim.y, rim.radius);
    const radius = mix(0.034, between(random, 0.062, 0.085), severity);
    const place = draftPlace(scene.part, random, radius);
    const turn = random();
    press(surface, scene.look.noise, {
      ...place,
      radius,
      axisX: cosTurns(turn),
      axisY: sinTurns(turn),
      stretch: between(random, 1, 1.5),
      shape: random() * 40,
      steepness: mix(0.75, 1.15, severity),
    });
  },
};

/** A place on the steel face for something of a radius, as clear of the pockets as chance allows. */
function draftPlace(part: RingPart, random: Random, radius: number): { x: number; y: number } {
  const draft = (): { x: number; y: number } => {
    const place = random();
    const out = between(random, ring.bushRadius + 0.3 * radius, ring.outerRadius - 0.6 * radius);
    return { x: out * cosTurns(place), y: out * sinTurns(place) };
  };
  return bestOf(10, draft, (place) => Math.min(0, distanceToPockets(part, place.x, place.y) - 0.75 * radius));
}

interface Bowl {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Direction in which the bowl is longer, and how much. */
  readonly axisX: number;
  readonly axisY: number;
  readonly stretch: number;
  /** Where in the noise its outline is read. */
  readonly shape: number;
  readonly steepness: number;
}

/** Bends the surface into a bowl with a raised lip; light then shows it: dark towards the lamp, bright away from it. */
function press(surface: Surface, noise: Float32Array, dented: Bowl): void {
  const { radius, axisX, axisY, stretch } = dented;
  eachNear(surface, dented.x, dented.y, radius * 1.6 * stretch, (index, _distance, dx, dy) => {
    const u = (dx * axisX + dy * axisY) / stretch;
    const v = dy * axisX - dx * axisY;
    const wobble = 1 + 0.16 * noiseAt(noise, dx / radius + dented.shape, dy / radius);
    const q = Math.sqrt(u * u + v * v) / (radius * wobble);
    if (q > 1.4) return;
    const metal = at(surface.metal, index);
    const slope = slopeAt(q) * dented.steepness * metal;
    const away = Math.sqrt(u * u + v * v) + 1e-6;
    add(surface.normalX, index, (slope * (u * axisX - v * axisY)) / away);
    add(surface.normalY, index, (slope * (u * axisY + v * axisX)) / away);
    const bruise = 1 - 0.22 * smooth(1, 0.5, q) * metal;
    tone(surface, index, bruise, bruise, bruise);
  });
}

/** Slope along the radius: inwards within the bowl, outwards on the lip. */
function slopeAt(q: number): number {
  if (q < 1) return -3.1 * q * (1 - q * q) * (1 - 0.3 * q);
  return 4 * (q - 1) * (1.4 - q) * 2.2;
}

function markRim(surface: Surface, x: number, y: number, radius: number): void {
  eachNear(surface, x, y, radius * 1.25, (index, distance, dx, dy) => {
    const metal = at(surface.metal, index);
    const slope = -1.05 * smooth(radius * 1.2, radius * 0.75, distance) * metal;
    const r = distance + 1e-6;
    add(surface.normalX, index, (slope * dx) / r);
    add(surface.normalY, index, (slope * dy) / r);
    const bruise = 1 - 0.35 * smooth(radius, radius * 0.6, distance) * metal;
    tone(surface, index, bruise, bruise, bruise);
  });
}

export const missingComponent: Defect = {
  alterPart(part, random, severity) {
    const first = Math.floor(random() * part.bolts.length);
    const count = severity > 0.85 ? 3 : severity > 0.6 ? 2 : 1;
    const step = random() < 0.5 ? 1 : 2;
    // The lighter the floor of the empty pocket, the more it looks like a bolt's head.
    const tones = mix(1.75, 0.55, severity);
    const gone = new Set<number>();
    for (let n = 0; n < count; n += 1) gone.add((first + n * step) % part.bolts.length);
    return {
      ...part,
      bolts: part.bolts.map((bolt, n) => (gone.has(n) ? { ...bolt, present: false, tone: tones } : bolt)),
    };
  },
};

export const misalignment: Defect = {
  alterPart(part, random, severity) {
    const direction = random();
    if (random() < 0.5) {
      const shift = mix(0.016, between(random, 0.034, 0.042), severity);
      return { ...part, bushX: shift * cosTurns(direction), bushY: shift * sinTurns(direction) };
    }
    const which = Math.floor(random() * part.bolts.length);
    const shift = mix(0.017, between(random, 0.034, 0.046), severity);
    const lean = mix(0.25, 0.5, severity);
    const cock = (bolt: Bolt): Bolt => ({
      ...bolt,
      offsetX: shift * cosTurns(direction),
      offsetY: shift * sinTurns(direction),
      leanX: lean * cosTurns(direction),
      leanY: lean * sinTurns(direction),
    });
    return { ...part, bolts: part.bolts.map((bolt, n) => (n === which ? cock(bolt) : bolt)) };
  },
};
