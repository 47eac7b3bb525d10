import type { WrongPicture } from './evaluation.ts';
import type { Sample } from './stats/sample.ts';

/** The pictures whose highest score is of a wrong label, those first where it is furthest above the true label's. */
export function wrongPictures({ rule, pictures, truth, predicted, defectScore, verdict }: Sample): WrongPicture[] {
  const all = pictures.map(({ file, group, label, scores }, at) => ({
    file,
    group,
    label,
    predicted: rule.labels[predicted[at] ?? 0]?.name ?? '',
    score: scores[predicted[at] ?? 0] ?? 0,
    trueScore: scores[truth[at] ?? 0] ?? 0,
    defectScore: defectScore[at] ?? 0,
    verdict: verdict[at] ?? 'review',
  }));
  const margin = ({ score, trueScore }: WrongPicture): number => score - trueScore;
  return all.filter((one) => one.predicted !== one.label).sort((a, b) => margin(b) - margin(a));
}
