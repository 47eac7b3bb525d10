import type { BudgetChoice, Evaluation } from '../evaluation.ts';
import { budgetPercent, percent, range } from '../words.ts';
import { type Html, html } from './html.ts';

/** Up to so many labels their names fit over the columns. */
export const NAMED_COLUMNS = 4;

/** Pictures by true and by named label, shaded by their share of the row. */
export function confusionTable({ confusion }: Evaluation): Html {
  const labels = Object.keys(confusion);
  const named = labels.length <= NAMED_COLUMNS;
  const rows = labels.map((label, at) => {
    const counts = Object.values(confusion[label] ?? {});
    const total = counts.reduce((sum, count) => sum + count, 0);
    const cells = counts.map((count, column) => confusionCell(count, total, column === at));
    return html`<tr><th scope="row">${named ? '' : `${at + 1} `}${label}</th>${cells}</tr>`;
  });
  const heads = labels.map((label, at) => html`<th scope="col" class="n">${named ? label : at + 1}</th>`);
  return html`<table class="matrix"><caption>Rows: what it is. Columns: what the model names it.</caption>
    <thead><tr><td></td>${heads}</tr></thead><tbody>${rows}</tbody></table>`;
}

function confusionCell(count: number, total: number, right: boolean): Html {
  const share = total === 0 ? 0 : count / total;
  const shade = count === 0 ? 0 : 0.08 + 0.5 * share;
  const colour = right ? `rgba(11,90,136,${shade.toFixed(2)})` : `rgba(200,80,40,${shade.toFixed(2)})`;
  const detail = count === 0 ? html`` : html`<small>${percent(share)}</small>`;
  return html`<td style="background:${colour}">${count}${detail}</td>`;
}

/** What the recipe's thresholds do with good and with defective parts. */
export function verdictTable({ verdictCounts }: Evaluation): Html {
  const row = (name: string, { pass, review, reject }: Evaluation['verdictCounts']['ok']) => {
    const total = pass + review + reject;
    const cells = [pass, review, reject].map(
      (count) => html`<td class="n">${count}<small>${percent(count / total)}</small></td>`,
    );
    return html`<tr><th scope="row">${name}</th>${cells}<td class="n">${total}</td></tr>`;
  };
  const heads = ['pass', 'review', 'reject', 'all'].map((name) => html`<th scope="col" class="n">${name}</th>`);
  return html`<table><caption>Verdicts at the recipe’s thresholds; a review stops the part as well.</caption>
    <thead><tr><td></td>${heads}</tr></thead>
    <tbody>${row('good parts', verdictCounts.ok)}${row('defective parts', verdictCounts.defect)}</tbody></table>`;
}

/** Precision, recall and F1 of each label. */
export function labelTable({ labels, classes, intervals }: Evaluation): Html {
  const rows = Object.entries(labels).map(([label, { kind, pictures, groups }]) => {
    const cells = (['recall', 'precision', 'f1'] as const).map((figure) =>
      figureCell(classes[label]?.[figure] ?? null, intervals.classes[label]?.[figure] ?? null),
    );
    return html`<tr><th scope="row">${label}</th><td>${kind}</td><td class="n">${pictures}</td><td class="n">${groups}</td>${cells}</tr>`;
  });
  const heads = ['pictures', 'groups', 'recall', 'precision', 'F1'].map(
    (name) => html`<th scope="col" class="n">${name}</th>`,
  );
  return html`<table class="wide"><caption>Recall: of the parts of a label, how many are named so. Precision: of the parts named so,
    how many are. F1: both in one. Below each, its 95 % interval.</caption>
    <thead><tr><th scope="col">label</th><th scope="col">kind</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`;
}

/** For each budget the threshold that keeps it and what it costs. */
export function budgetTable({ thresholds }: Evaluation): Html {
  const heads = ['threshold', 'false rejects', 'escapes'].map((name) => html`<th scope="col" class="n">${name}</th>`);
  return html`<table class="wide"><thead><tr><th scope="col">budget</th>${heads}<th scope="col">what that means</th></tr></thead>
    <tbody>${thresholds.map(budgetRow)}</tbody></table>`;
}

function budgetRow(choice: BudgetChoice): Html {
  const { budget, threshold, thresholdInterval, supported, words } = choice;
  const name = `at most ${budgetPercent(budget.share)} ${budget.error.replace('-', ' ')}`;
  const between = thresholdInterval === null ? '' : thresholdInterval.map((end) => end.toFixed(3)).join(' to ');
  const tag = supported
    ? html`<span class="tag good">supported by these pictures</span> `
    : html`<span class="tag">not supported by these pictures</span> `;
  return html`<tr><th scope="row">${name}</th><td class="n">${threshold?.toFixed(3) ?? '–'}<small>${between}</small></td>
    ${figureCell(choice.falseRejects, choice.falseRejectsInterval)}${figureCell(choice.escapes, choice.escapesInterval)}
    <td>${tag}${words}</td></tr>`;
}

function figureCell(value: number | null, interval: readonly [number, number] | null): Html {
  return html`<td class="n">${percent(value)}<small>${range(interval)}</small></td>`;
}
