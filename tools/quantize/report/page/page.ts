import { Html, html } from '../../../evaluate/report/html.ts';
import { percent } from '../../../evaluate/words.ts';
import type { Report } from '../report.ts';
import { accuracySection, gainText } from './accuracy.ts';
import { layerFigure } from './layers.ts';
import { picturesSection } from './pictures.ts';
import { style } from './style.ts';
import { costSection, workSection } from './work.ts';

export interface PageOptions {
  /** The most points of accuracy that INT8 may lose, where there is a limit. */
  readonly maxDropPoints: number | undefined;
  /** The JPEG of a picture by its name in the report. */
  readonly thumbnail: (file: string) => Promise<Buffer>;
}

/** The report as one HTML file that holds all it shows: it asks nobody for anything and runs no script. */
export async function reportPage(report: Report, { maxDropPoints, thumbnail }: PageOptions): Promise<string> {
  const { name, evaluation, modelSha256 } = report;
  const title = `${name}: from float to INT8`;
  const measured =
    evaluation &&
    html`<h2>Accuracy before and after</h2>${accuracySection(evaluation, maxDropPoints)}
<h2>Pictures whose verdict changed</h2>${await picturesSection(evaluation.changed, thumbnail)}`;
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<h1>${title}</h1>
<p class="muted">INT8 model <code>${modelSha256}</code></p>
<main>
${verdict(report, maxDropPoints)}
${cards(report)}
${warnings(report)}
${measured ?? html``}
<h2>Noise of every layer</h2>
${layerFigure(report)}
<h2>Size and time</h2>
${costSection(report)}
<h2>What was done</h2>
${workSection(report)}
</main>
</body>
</html>
`;
  return text;
}

/** The answer to whether the model may be used, first of all. */
function verdict({ evaluation }: Report, maxDropPoints: number | undefined): Html {
  if (evaluation === undefined) {
    return html`<div class="verdict open"><b>Not measured.</b> No labelled pictures were given (--evaluate), so nobody knows what INT8 costs in accuracy.</div>`;
  }
  const { difference, sameLabel, pictures } = evaluation;
  const lost = -100 * difference.accuracy.value;
  const within = maxDropPoints === undefined || lost <= maxDropPoints + 1e-9;
  const words = `accuracy changes by ${gainText(difference.accuracy)} points, and both models name the same label on ${percent(sameLabel)} of ${pictures} pictures.`;
  const limit =
    maxDropPoints === undefined
      ? ''
      : ` At most ${maxDropPoints} points may be lost.${doubt(difference.accuracy.interval[0], maxDropPoints)}`;
  return within
    ? html`<div class="verdict"><b>INT8 keeps what float knows:</b> ${words}${limit}</div>`
    : html`<div class="verdict bad"><b>Too much is lost, so no bundle was written:</b> ${words}${limit}</div>`;
}

/** A loss within the limit may still be one beyond it on other pictures. */
function doubt(lowest: number, maxDropPoints: number): string {
  const most = -100 * lowest;
  return most <= maxDropPoints ? '' : ` These pictures are too few to rule out a loss of ${most.toFixed(2)}.`;
}

function cards({ evaluation, sizeBytes, latencyMs, layers }: Report): Html {
  const card = (what: string, value: string, ...notes: string[]) =>
    html`<div class="card"><span class="what">${what}</span><b>${value}</b>${notes.map((note) => html`<span>${note}</span>`)}</div>`;
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
  const weakest = layers.toSorted((a, b) => a.sqnrDb - b.sqnrDb)[0];
  return html`<div class="cards">
    ${evaluation ? card('Accuracy', percent(evaluation.int8.accuracy), `float: ${percent(evaluation.float.accuracy)}`) : html``}
    ${evaluation ? card('Verdicts that change', String(evaluation.changed.length), `of ${evaluation.pictures} pictures`) : html``}
    ${card('Size', `${(sizeBytes.float / sizeBytes.int8).toFixed(1)} ×`, `smaller: ${kilobytes(sizeBytes.float)} to ${kilobytes(sizeBytes.int8)}`)}
    ${card('Time', ...speed(latencyMs.float.median / latencyMs.int8.median), `${latencyMs.float.median} to ${latencyMs.int8.median} ms, one thread`)}
    ${weakest ? card('Weakest layer', `${weakest.sqnrDb.toFixed(1)} dB`, weakest.name) : html``}
  </div>`;
}

function speed(times: number): [string, string] {
  return times >= 1
    ? [`${times.toFixed(1)} ×`, 'as fast as float']
    : [`${(1 / times).toFixed(1)} ×`, 'slower than float'];
}

function warnings({ warnings: found }: Report): Html {
  if (found.length === 0) return html``;
  return html`<div class="notes"><b>Before you rely on it</b><ul>${found.map((warning) => html`<li>${warning}</li>`)}</ul></div>`;
}
