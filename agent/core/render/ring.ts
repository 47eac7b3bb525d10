import { LinegateError } from '../errors.ts';
import { layOut, paintBody } from './body.ts';
import { paintBolts } from './bolts.ts';
import { expose } from './camera.ts';
import type { Defect } from './defect.ts';
import { other } from './defect-foreign.ts';
import { dent, misalignment, missingComponent } from './defect-form.ts';
import { crack, scratch } from './defect-lines.ts';
import { discoloration } from './defect-stain.ts';
import { describe } from './describe.ts';
import { checkRingDomain, type RingDomain } from './domain.ts';
import { shade } from './light.ts';
import { type Random, randomOf } from './prng.ts';
import { drawScene, streams } from './scene.ts';
import { paintDust, paintHairlines } from './wear.ts';

export { type RingDomain, ringDomains } from './domain.ts';

/** Raised whenever the same arguments give another picture: a model trained on one version must be measured on it. */
export const ringRendererVersion = 1;

/** The classes in the order of the model's scores. */
export const ringClasses = [
  'normal',
  'scratch',
  'dent',
  'crack',
  'discoloration',
  'missing-component',
  'misalignment',
  'other',
] as const;

export type RingClass = (typeof ringClasses)[number];

const defects: Readonly<Record<RingClass, Defect>> = {
  normal: {},
  scratch,
  dent,
  crack,
  discoloration,
  'missing-component': missingComponent,
  misalignment,
  other,
};

export interface RingRequest {
  /** A whole number from 0 to 2^53 - 1; the same request gives the same bytes on every machine. */
  readonly seed: number;
  readonly ringClass: RingClass;
  /** 1 gross to 0 marginal; of no effect on `normal`. */
  readonly severity: number;
  readonly domain: RingDomain;
  /** Width and height, 16 to 1024. */
  readonly sizePx: number;
}

/**
 * Draws the picture of one machined ring on a belt. A seed fixes the part, its pose, light and noise; the class and the
 * severity only add the defect to it.
 * @returns RGB, sizePx * sizePx * 3 bytes, row by row
 * @throws LinegateError bad-argument
 */
export function renderRing(request: RingRequest): Uint8Array {
  checkRequest(request);
  const { seed, severity, sizePx } = request;
  const defect = defects[request.ringClass];
  const random = randomOf(seed, streams.defect);
  const drawn = drawScene(seed, request.domain);
  const scene = { ...drawn, part: defect.alterPart?.(drawn.part, random, severity) ?? drawn.part };
  const surface = layOut(scene.pose, sizePx);
  paintBody(surface, scene);
  paintBolts(surface, scene);
  const wear = randomOf(seed, streams.wear);
  paintDust(surface, scene.look, wear);
  paintHairlines(surface, scene.look, wear);
  defect.mark?.(surface, scene, random, severity);
  return expose(shade(surface, scene.light, scene.pose), sizePx, scene.optics, seed);
}

/** What a line sends by: a class at a given rate of defects, and its severity (0 for `normal`). */
export function sampleRing(random: Random, defectRate: number): { ringClass: RingClass; severity: number } {
  if (!(typeof defectRate === 'number' && defectRate >= 0 && defectRate <= 1)) {
    throw new LinegateError(
      'bad-argument',
      `The defect rate must be a number from 0 to 1, not ${describe(defectRate)}.`,
    );
  }
  const isDefect = random() < defectRate;
  const which = 1 + Math.floor(random() * (ringClasses.length - 1));
  const severity = random();
  if (!isDefect) return { ringClass: 'normal', severity: 0 };
  return { ringClass: ringClasses[which] ?? 'other', severity };
}

function checkRequest(request: RingRequest): void {
  const { seed, ringClass, severity, sizePx } = request;
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new LinegateError('bad-argument', `The seed must be a whole number of 0 or more, not ${describe(seed)}.`);
  }
  if (!ringClasses.includes(ringClass)) {
    throw new LinegateError(
      'bad-argument',
      `The class must be one of ${ringClasses.join(', ')}, not ${describe(ringClass)}.`,
    );
  }
  if (!(typeof severity === 'number' && severity >= 0 && severity <= 1)) {
    throw new LinegateError('bad-argument', `The severity must be a number from 0 to 1, not ${describe(severity)}.`);
  }
  if (!(Number.isInteger(sizePx) && sizePx >= 16 && sizePx <= 1024)) {
    throw new LinegateError(
      'bad-argument',
      `The size must be a whole number of 16 to 1024 pixels, not ${describe(sizePx)}.`,
    );
  }
  checkRingDomain(request.domain);
}
