import { topOf } from './accuracy.ts';
import type { Scorer } from './score.ts';

/**
 * Says so where the float model names fewer pictures rightly than chance would: then the labels are hardly in the order
 * of its scores, and every verdict would be about another label.
 */
export async function labelOrderWarnings(
  labels: readonly string[],
  pictures: readonly { readonly label: string; readonly pixels: Uint8Array }[],
  float: Scorer,
): Promise<string[]> {
  let right = 0;
  for (const { label, pixels } of pictures) right += Number(labels[topOf(await float(pixels))] === label);
  const [share, chance] = [right / pictures.length, 1 / labels.length].map((one) => `${(100 * one).toFixed(0)} %`);
  if (right / pictures.length >= 1 / labels.length) return [];
  return [
    `the float model names ${share} of the calibration pictures rightly and chance would ${chance}: the labels (${labels.join(', ')}) may not be in the order of its scores; a recipe config says the order`,
  ];
}
