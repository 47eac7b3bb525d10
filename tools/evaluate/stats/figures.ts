import {
  confusionOf,
  type Kind,
  stoppedFrom,
  sum,
  type VerdictCounts,
  verdictCountsOf,
  type Weights,
} from './counts.ts';
import { areaUnderRoc, averagePrecision, type Step } from './ranking.ts';
import type { Sample } from './sample.ts';

/** A figure; NaN where the pictures do not determine it. */
export interface Figure {
  readonly value: number;
  /** Where it is the mean of shares of pictures (one share, for most): those. */
  readonly shares?: readonly Share[];
}

/** `hits` of `total` pictures. */
export interface Share {
  readonly hits: number;
  readonly total: number;
}

/** Figures by name, such as `accuracy` or `classes.scratch.recall`. */
export type Figures = ReadonlyMap<string, Figure>;

type Table = readonly (readonly number[])[];
type Named = readonly [name: string, figure: Figure];

/** All figures of a sample. `steps`: of its defect scores; `borders`: defect scores from which parts might be stopped. */
export function figuresOf(
  sample: Sample,
  steps: readonly Step[],
  borders: readonly number[],
  weights: Weights,
): Figures {
  const confusion = confusionOf(sample, weights);
  return new Map<string, Figure>([
    ...labelFigures(sample, confusion),
    ...okDefectFigures(sample, confusion),
    ['auc', { value: areaUnderRoc(steps) }],
    ['averagePrecision', { value: averagePrecision(steps) }],
    ...stopFigures('verdicts', verdictCountsOf(sample, weights)),
    ...borders.flatMap((border, at) => [...stopFigures(`borders.${at}`, stoppedFrom(sample, border, weights))]),
  ]);
}

function* labelFigures({ rule }: Sample, confusion: Table): Generator<Named> {
  const recalls = confusion.map((row, at) => ({ hits: row[at] ?? 0, total: sum(row) }));
  const precisions = rule.labels.map((_, column) => ({
    hits: confusion[column]?.[column] ?? 0,
    total: sum(confusion.map((row) => row[column] ?? 0)),
  }));
  yield ['accuracy', shareOf(sum(recalls.map(({ hits }) => hits)), sum(recalls.map(({ total }) => total)))];
  yield ['balancedAccuracy', meanOf(recalls)];
  for (const [at, { name }] of rule.labels.entries()) {
    const [recall, precision] = [recalls[at] ?? none, precisions[at] ?? none];
    yield [`classes.${name}.precision`, meanOf([precision])];
    yield [`classes.${name}.recall`, meanOf([recall])];
    const f1 = recall.total === 0 ? Number.NaN : (2 * recall.hits) / (recall.total + precision.total);
    yield [`classes.${name}.f1`, { value: f1 }];
  }
}

/** The predicted label counts by its kind: a dent called a scratch is a defect found. */
function* okDefectFigures({ rule }: Sample, confusion: Table): Generator<Named> {
  const count = (actual: Kind, named: Kind) => {
    const rows = confusion.filter((_, at) => rule.labels[at]?.kind === actual);
    return sum(rows.flatMap((row) => row.filter((_, at) => rule.labels[at]?.kind === named)));
  };
  const ok = { hits: count('ok', 'ok'), total: count('ok', 'ok') + count('ok', 'defect') };
  const defect = { hits: count('defect', 'defect'), total: count('defect', 'defect') + count('defect', 'ok') };
  yield ['okDefect.accuracy', shareOf(ok.hits + defect.hits, ok.total + defect.total)];
  yield ['okDefect.okRecall', meanOf([ok])];
  yield ['okDefect.defectRecall', meanOf([defect])];
  yield ['okDefect.balancedAccuracy', meanOf([ok, defect])];
}

/** A review acts at the gate as a reject. */
function* stopFigures(prefix: string, { ok, defect }: VerdictCounts): Generator<Named> {
  const [goods, defects] = [sum(Object.values(ok)), sum(Object.values(defect))];
  yield [`${prefix}.falseRejects`, shareOf(ok.review + ok.reject, goods)];
  yield [`${prefix}.escapes`, shareOf(defect.pass, defects)];
  yield [`${prefix}.reviews`, shareOf(ok.review + defect.review, goods + defects)];
  const right = [
    { hits: ok.pass, total: goods },
    { hits: defect.review + defect.reject, total: defects },
  ];
  yield [`${prefix}.balancedAccuracy`, meanOf(right)];
}

const none: Share = { hits: 0, total: 0 };

function shareOf(hits: number, total: number): Figure {
  return meanOf([{ hits, total }]);
}

/** The mean of the shares that are of anything. */
function meanOf(all: readonly Share[]): Figure {
  const shares = all.filter(({ total }) => total > 0);
  return { value: sum(shares.map(({ hits, total }) => hits / total)) / shares.length, shares };
}
