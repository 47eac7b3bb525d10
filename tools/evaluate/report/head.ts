import type { Evaluation } from '../evaluation.ts';
import type { Interval } from '../stats/binomial.ts';
import { decimal, percent, range } from '../words.ts';
import { type Html, html } from './html.ts';

/** The figures that matter most, with their intervals, and the same in a sentence. */
export function headline({ intervals, ...figures }: Evaluation): Html {
  const { verdicts, okDefect } = figures;
  const several = Object.keys(figures.classes).length > 2;
  const cards = [
    card('Balanced accuracy', figures.balancedAccuracy, intervals.balancedAccuracy, 'mean of the labels’ recalls'),
    ...(several
      ? [
          card(
            'Good or defective',
            okDefect.balancedAccuracy,
            intervals.okDefect.balancedAccuracy,
            'balanced accuracy of these two',
          ),
        ]
      : []),
    card('Escapes', verdicts.escapes, intervals.verdicts.escapes, 'defective parts that pass', 'error'),
    card(
      'False rejects',
      verdicts.falseRejects,
      intervals.verdicts.falseRejects,
      'good parts that are stopped',
      'error',
    ),
    html`<div class="card"><span class="what">Area under ROC</span><b>${decimal(figures.auc)}</b>
      <span>${intervalWords(range(intervals.auc, decimal))}</span><span>0.5 is chance, 1 perfect</span></div>`,
  ];
  return html`<div class="cards">${cards}</div><p>${sentence(figures.verdicts, intervals.verdicts)}</p>`;
}

function card(name: string, value: number | null, interval: Interval | null, what: string, tone = ''): Html {
  return html`<div class="card ${tone}"><span class="what">${name}</span><b>${percent(value)}</b><span>${intervalWords(range(interval))}</span><span>${what}</span></div>`;
}

function intervalWords(between: string): string {
  return between === '' ? 'no interval can be given' : `95 %: ${between}`;
}

function sentence(verdicts: Evaluation['verdicts'], intervals: Evaluation['intervals']['verdicts']): string {
  const of100 = (share: number) => (100 * share).toFixed(share < 0.1 ? 1 : 0);
  const about = (share: number, interval: Interval | null) =>
    interval === null ? of100(share) : `${of100(share)} (${interval.map(of100).join(' to ')})`;
  const { escapes, falseRejects, reviews } = verdicts;
  const parts = [
    escapes === null ? [] : [`of 100 defective parts about ${about(escapes, intervals.escapes)} pass`],
    falseRejects === null ? [] : [`of 100 good parts about ${about(falseRejects, intervals.falseRejects)} are stopped`],
    reviews === null ? [] : [`of 100 parts in all, mixed as here, about ${of100(reviews)} go to review`],
  ].flat();
  return `At the recipe’s thresholds, ${parts.join('; ')}.`;
}

/** What was measured, on what, when. */
export function particulars(evaluation: Evaluation): Html {
  const { recipe, model, evaluatedAt, machine, images, pictures, groups, picturesSha256, latencyMs, decision } =
    evaluation;
  const thresholds = Object.entries(decision.thresholds).map(
    ([name, { review, reject }]) => `${name} ${review} / ${reject}`,
  );
  const rows: readonly (readonly [string, string | Html])[] = [
    ['Recipe', recipe],
    ['Model', html`${(model.sizeBytes / 1000).toFixed(1)} kB, SHA-256 <code>${model.sha256}</code>`],
    ['Thresholds', `pass from an ok score of ${decision.minimumOk}; review / reject from: ${thresholds.join(', ')}`],
    [
      'Pictures',
      html`${pictures} in ${groups} groups, from <code>${images}</code>, SHA-256 <code>${picturesSha256}</code>`,
    ],
    ['Date', evaluatedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['Time a part', latencyText(latencyMs)],
    ['Computer', `${machine}; one thread`],
  ];
  return html`<table class="wide">${rows.map(([name, what]) => html`<tr><th scope="row">${name}</th><td>${what}</td></tr>`)}</table>`;
}

function latencyText({ p50, p99, preprocess, inference }: Evaluation['latencyMs']): string {
  return `${p50} ms in the middle, 99 % within ${p99} ms, from frame to scores (preprocess ${preprocess.p50} ms, model ${inference.p50} ms)`;
}

/** What limits the figures, and pictures that could not be read. */
export function noteBox({ notes, broken }: Evaluation): Html {
  if (notes.length === 0) return html``;
  const files = broken.slice(0, 20).map(({ file, reason }) => html`<li><code>${file}</code>: ${reason}</li>`);
  return html`<div class="notes"><b>Before you rely on it</b><ul>${notes.map((note) => html`<li>${note}</li>`)}${files}</ul></div>`;
}
