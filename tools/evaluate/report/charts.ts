import type { Evaluation } from '../evaluation.ts';
import type { Reliability } from '../stats/calibration.ts';
import { budgetPercent, decimal, percent, range } from '../words.ts';
import { type ChartMark, chartFigure, type Point } from './chart.ts';
import type { Html } from './html.ts';

const [BLUE, RED, GREY] = ['#0b5a88', '#a93a1c', '#51606d'];
const DIAGONAL = {
  points: [
    [0, 0],
    [1, 1],
  ] as Point[],
  colour: GREY,
  dashed: true,
};

/** The curves of the defect score; none where there are good or defective parts only. */
export function curveFigures(evaluation: Evaluation): Html[] {
  if (evaluation.curve.length === 0) return [];
  return [rocFigure(evaluation), precisionFigure(evaluation), tradeFigure(evaluation)];
}

/** Whether scores mean what they say. */
export function calibrationFigures({ calibration, labels }: Evaluation): Html[] {
  const several = Object.keys(labels).length > 2;
  const defect = reliabilityFigure('Calibration of the defect score', 'defective', calibration.defect);
  return several
    ? [defect, reliabilityFigure('Calibration of the highest score', 'rightly named', calibration.label)]
    : [defect];
}

function rocFigure({ curve, auc, intervals, verdicts }: Evaluation) {
  const { falseRejects, escapes } = verdicts;
  const marks =
    falseRejects === null || escapes === null
      ? []
      : [{ x: falseRejects, y: 1 - escapes, name: 'this recipe', colour: RED }];
  return chartFigure({
    title: 'ROC curve',
    description: `Defects stopped against good parts stopped, as the threshold moves. Area ${decimal(auc)}${within(intervals.auc)}; 0.5 is chance.`,
    xName: 'good parts stopped (false rejects)',
    xUnit: 'share',
    yName: 'defective parts stopped',
    lines: [DIAGONAL, { points: [[0, 0], ...curve.map((at): Point => [at.falseRejects, at.detected])], colour: BLUE }],
    marks,
  });
}

function precisionFigure({ curve, averagePrecision, intervals, labels }: Evaluation) {
  const all = Object.values(labels);
  const count = (some: typeof all) => some.reduce((sum, { pictures }) => sum + pictures, 0);
  const rate = count(all.filter(({ kind }) => kind === 'defect')) / count(all);
  return chartFigure({
    title: 'Precision and recall',
    description: `Of what is stopped, how much is defective. Average precision ${decimal(averagePrecision)}${within(intervals.averagePrecision)}. It holds where ${percent(rate)} of the parts are defective, as in these pictures (dashed); on a line with fewer defects precision is lower.`,
    xName: 'defective parts stopped (recall)',
    xUnit: 'share',
    yName: 'of stopped parts: defective',
    lines: [
      {
        points: [
          [0, rate],
          [1, rate],
        ],
        colour: GREY,
        dashed: true,
      },
      { points: curve.map((at): Point => [at.detected, at.precision]), colour: BLUE },
    ],
    marks: [],
  });
}

function tradeFigure({ curve, thresholds, decision }: Evaluation) {
  const falseRejects = curve.map((at): Point => [at.score, at.falseRejects]);
  const escapes = curve.map((at): Point => [at.score, 1 - at.detected]);
  const marks: ChartMark[] = thresholds.flatMap(({ budget, threshold }) => {
    const name = `${budgetPercent(budget.share)} ${budget.error === 'escapes' ? 'escapes' : 'false r.'}`;
    return threshold === null ? [] : [{ x: threshold, name, colour: GREY }];
  });
  const own = (1 - decision.minimumOk).toFixed(2);
  return chartFigure({
    title: 'What a threshold costs',
    description: `Errors if every part is stopped from a defect score on. Dotted: the thresholds of the budgets. The recipe passes no part above ${own}.`,
    xName: 'threshold on the defect score',
    xUnit: 'score',
    yName: 'of good or of defective parts',
    lines: [
      { points: steps(falseRejects, 0), colour: BLUE, name: { text: 'false rejects', side: 'right' } },
      { points: steps(escapes, 1), colour: RED, name: { text: 'escapes', side: 'left' } },
    ],
    marks,
  });
}

/** What holds above the highest score, and from each score down to the next. */
function steps(points: readonly Point[], aboveAll: number): Point[] {
  const drawn: Point[] = [[1, aboveAll]];
  for (const [x, y] of points) drawn.push([x, drawn.at(-1)?.[1] ?? y], [x, y]);
  return [...drawn, [0, drawn.at(-1)?.[1] ?? aboveAll]];
}

function reliabilityFigure(title: string, hit: string, { bins, expectedCalibrationError }: Reliability) {
  const total = bins.reduce((sum, { pictures }) => sum + pictures, 0);
  const dots = bins.flatMap(({ meanScore: x, observed: y, pictures }) =>
    x === null || y === null ? [] : [{ x, y, radius: 2.5 + 9 * Math.sqrt(pictures / total) }],
  );
  return chartFigure({
    title,
    description: `Of the parts with a score of about so much, the share that is ${hit}. On the dashed line scores are what they say; a larger dot is more pictures. Mean distance ${percent(expectedCalibrationError)}.`,
    xName: 'score',
    xUnit: 'score',
    yName: `share ${hit}`,
    lines: [DIAGONAL],
    marks: dots.map((dot) => ({ ...dot, name: '', colour: BLUE })),
  });
}

function within(interval: readonly [number, number] | null): string {
  return interval === null ? '' : ` (95 %: ${range(interval, decimal)})`;
}
