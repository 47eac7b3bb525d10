/** The scores of one picture by both models, with the label that a person gave it. */
export interface Judged {
  readonly label: string;
  /** Pictures of one tray, batch or part share it. */
  readonly group: string;
  readonly float: readonly number[];
  readonly quantised: readonly number[];
}

/** How often a model names the right label. */
export interface Accuracy {
  readonly accuracy: number;
  /** The mean over labels, so that a rare one counts as much. */
  readonly balancedAccuracy: number;
}

/** What the pictures of an evaluation say of both models. */
export interface Evaluation {
  readonly pictures: number;
  readonly float: Accuracy;
  readonly int8: Accuracy;
  /** The share of pictures for which both name the same label. */
  readonly sameLabel: number;
}

/** Compares both models on `judged`; `labels` are in the order of the scores. */
export function evaluate(labels: readonly string[], judged: readonly Judged[]): Evaluation {
  const same = judged.filter(({ float, quantised }) => topOf(float) === topOf(quantised)).length;
  return {
    pictures: judged.length,
    float: accuracyOf(labels, judged, ({ float }) => float),
    int8: accuracyOf(labels, judged, ({ quantised }) => quantised),
    sameLabel: same / judged.length,
  };
}

function accuracyOf(
  labels: readonly string[],
  judged: readonly Judged[],
  scoresOf: (one: Judged) => readonly number[],
): Accuracy {
  const shareRight = (some: readonly Judged[]) =>
    some.filter((one) => labels[topOf(scoresOf(one))] === one.label).length / some.length;
  const perLabel = labels.map((label) => judged.filter((one) => one.label === label)).filter((some) => some.length > 0);
  return {
    accuracy: shareRight(judged),
    balancedAccuracy: perLabel.reduce((sum, some) => sum + shareRight(some), 0) / perLabel.length,
  };
}

/** The index of the highest score. */
export function topOf(scores: readonly number[]): number {
  return scores.indexOf(Math.max(...scores));
}
