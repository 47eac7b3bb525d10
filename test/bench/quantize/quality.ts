import { readFileSync } from 'node:fs';
import { openSession } from '../../../tools/quantize/calibrate/session.ts';
import { NoiseRatio } from '../../../tools/quantize/calibrate/sqnr.ts';
import { topOf } from '../../../tools/quantize/report/accuracy.ts';
import { differenceOf } from '../../../tools/quantize/report/difference.ts';
import { rounded } from '../stats.ts';
import type { Loaded } from './bench.ts';
import { floatOutputs, withoutSoftmax } from './float-model.ts';

/** How well a quantised file follows the float model on the evaluation pictures. */
export interface Quality {
  /** Of the logits, dB. */
  readonly sqnrDb: number;
  /** The share of pictures with the float model's label. */
  readonly agreement: number;
  /** Points of accuracy that are lost, with the 95 % interval over whole groups; only where people labelled the pictures. */
  readonly dropPoints?: number;
  readonly dropInterval?: readonly [number, number];
}

/** The float file's logits of every evaluation picture: what all are measured against. */
export async function floatLogits({ subject, pictures }: Loaded): Promise<Float32Array[]> {
  const session = await openSession(withoutSoftmax(readFileSync(subject.file)));
  return floatOutputs(
    session,
    subject,
    pictures.evaluation.map(({ pixels }) => pixels),
  );
}

/** Judges `logits` of the evaluation pictures beside the float model's. */
export function qualityOf(loaded: Loaded, exact: readonly Float32Array[], logits: readonly Float32Array[]): Quality {
  const ratio = new NoiseRatio();
  for (const [i, numbers] of exact.entries()) ratio.add(numbers, logits[i] ?? new Float32Array());
  const same = exact.filter((numbers, i) => topOf([...numbers]) === topOf([...(logits[i] ?? [])])).length;
  return { sqnrDb: rounded(ratio.db, 2), agreement: rounded(same / exact.length, 4), ...dropOf(loaded, exact, logits) };
}

function dropOf({ subject, pictures }: Loaded, exact: readonly Float32Array[], logits: readonly Float32Array[]) {
  if (subject.labels === undefined) return {};
  const judged = pictures.evaluation.map(({ label, group }, i) => ({
    label,
    group,
    float: [...(exact[i] ?? [])],
    quantised: [...(logits[i] ?? [])],
  }));
  const { value, interval } = differenceOf(subject.labels, judged).accuracy;
  const lost = (gain: number): number => rounded(-100 * gain, 2) + 0;
  return { dropPoints: lost(value), dropInterval: [lost(interval[1]), lost(interval[0])] as const };
}
