// What every good part has: dust and fine hairlines from handling.
import { at, cosTurns, mix, sinTurns } from './math.ts';
import { ringSizes as ring } from './part.ts';
import { between, type Random } from './prng.ts';
import type { Look } from './scene.ts';
import { eachOnStroke, walk } from './stroke.ts';
import { coverage, eachNear, type Surface, scale, tone } from './surface.ts';

/** Dust specks on the part and the belt: harmless, never wider than two pixels of a 160 px frame. */
export function paintDust(surface: Surface, look: Look, random: Random): void {
  for (let n = 0; n < look.dustCount; n += 1) {
    const atX = random() - 0.5;
    const atY = random() - 0.5;
    const radius = 0.002 + 0.0035 * random();
    const value = random() < 0.5 ? 0.55 : 1.45;
    eachNear(surface, atX, atY, radius + surface.pixel, (index, distance) => {
      const amount = coverage(distance - radius, surface.pixel) * 0.7;
      tone(surface, index, mix(1, value, amount), mix(1, value, amount), mix(1, value, amount));
      scale(surface.gloss, index, 1 - amount * 0.4);
    });
  }
}

/** Short marks of handling, far paler than a marginal scratch. */
export function paintHairlines(surface: Surface, look: Look, random: Random): void {
  const straight = (): number => 0;
  const thin = (): number => 0.001;
  for (let n = 0; n < look.hairlineCount; n += 1) {
    const place = random();
    const radius = between(random, ring.bushRadius, ring.outerRadius);
    const size = between(random, 0.03, 0.07);
    const points = walk(radius * cosTurns(place), radius * sinTurns(place), random(), 2, size / 2, straight, thin);
    const gain = between(random, -0.12, 0.16);
    eachOnStroke(surface, points, surface.pixel, (hit) => {
      const amount = coverage(hit.distance - 0.002, surface.pixel) * at(surface.metal, hit.index);
      const value = 1 + gain * amount;
      tone(surface, hit.index, value, value, value);
    });
  }
}
