import { topOf } from './accuracy.ts';

/**
 * Says so where the float model names fewer pictures rightly than chance would: then the labels are hardly in the order
 * of its scores, and every verdict would be about another label. `scores` are its own, a list a picture.
 */
export function labelOrderWarnings(
  labels: readonly string[],
  pictures: readonly { readonly label: string }[],
  scores: readonly Float32Array[],
): string[] {
  const isRight = ({ label }: { readonly label: string }, at: number) =>
    labels[topOf([...(scores[at] ?? [])])] === label;
  const right = pictures.filter(isRight).length;
  const [share, chance] = [right / pictures.length, 1 / labels.length].map((one) => `${(100 * one).toFixed(0)} %`);
  if (right / pictures.length >= 1 / labels.length) return [];
  return [
    `the float model names ${share} of the calibration pictures rightly and chance would ${chance}: the labels (${labels.join(', ')}) may not be in the order of its scores; a recipe config says the order`,
  ];
}
