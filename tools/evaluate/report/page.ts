import type { Evaluation } from '../evaluation.ts';
import { calibrationFigures, curveFigures } from './charts.ts';
import { headline, noteBox, particulars } from './head.ts';
import { Html, html } from './html.ts';
import { style } from './style.ts';
import { budgetTable, confusionTable, labelTable, NAMED_COLUMNS, verdictTable } from './tables.ts';
import { wrongSection } from './wrong.ts';

/** The evaluation as one HTML file that holds all it shows, for a person to read, print on A4 and keep. */
export async function reportPage(evaluation: Evaluation): Promise<string> {
  const title = `Evaluation of ${evaluation.recipe.replace('@', ', version ')}`;
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<h1>${title}</h1>
<p class="muted">${evaluation.pictures} pictures in ${evaluation.groups} groups, ${evaluation.evaluatedAt.slice(0, 10)}</p>
<main>
${headline(evaluation)}
${noteBox(evaluation)}
<h2>What was measured</h2>
${particulars(evaluation)}
<h2>What it gets right and wrong</h2>
<div class="${Object.keys(evaluation.labels).length > NAMED_COLUMNS ? 'one' : 'two'}">${confusionTable(evaluation)}${verdictTable(evaluation)}</div>
${labelTable(evaluation)}
<h2>Thresholds for a budget</h2>
<p>The defect score of a part is 1 less the sum of its ok labels’ scores. For each budget: the threshold from which parts must be
stopped to keep it on these pictures, what the other error then is, and whether the pictures are enough to promise it. A threshold
chosen here should be confirmed on other pictures.</p>
${budgetTable(evaluation)}
<p class="muted">To use a threshold t, give the recipe <code>minimumOk</code> of 1 less t and each defect a <code>review</code> of at
least t, and raise its version. This evaluation changed nothing.</p>
<h2>Curves and calibration</h2>
<div class="two">${curveFigures(evaluation)}${calibrationFigures(evaluation)}</div>
<h2>Pictures it got wrong</h2>
${await wrongSection(evaluation)}
<div class="words"><h2>How to read this</h2>
${glossary}</div>
</main>
<div class="sign"><div>Name</div><div>Date</div><div>Signature</div></div>
</body>
</html>
`;
  return text;
}

const glossary = html`<p><b>95 %: a to b.</b> Of 100 such intervals, from evaluations on as many other groups taken in the same way,
about 95 hold the true figure. Whole groups (a tray, a batch, a part) are resampled 2,000 times, since pictures of one group are
alike; for shares, the exact binomial interval is taken where it is wider.</p>
<p><b>Balanced accuracy</b> gives each label the same weight, however many pictures it has; <b>accuracy</b> gives each picture the same.
Both take the label with the highest score. <b>Escapes</b> and <b>false rejects</b> take the verdict, from the recipe’s thresholds; a
review stops a part as a reject does.</p>
<p><b>What this cannot say.</b> All figures hold for parts, light and camera like those of these pictures, and only if none of them was
used in training. Judge another station or another season by its own pictures.</p>`;
