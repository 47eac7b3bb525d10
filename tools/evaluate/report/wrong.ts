import path from 'node:path';
import type { Evaluation, WrongPicture } from '../evaluation.ts';
import { loadSharp, type Sharp, thumbnail } from '../pictures/decode.ts';
import { type Html, html } from './html.ts';

const MOST_PICTURES = 60;
const SIDE_PX = 160;

/** The pictures that got a wrong label, the worst first, as small pictures inside the page. */
export async function wrongSection(evaluation: Evaluation): Promise<Html> {
  const { wrong, images, labels } = evaluation;
  if (wrong.length === 0) return html`<p>None.</p>`;
  const shown = wrong.slice(0, MOST_PICTURES);
  const sharp = await loadSharp();
  const figures: Html[] = [];
  for (const one of shown) figures.push(await wrongFigure(sharp, one, images, labels));
  const count = shown.length < wrong.length ? `the first ${shown.length} of ${wrong.length}` : `all ${wrong.length}`;
  return html`<p class="muted lead">Those where the model is surest of a wrong label come first; ${count} are shown. The number is the score of
    the wrong label.</p><div class="wrong">${figures}</div>`;
}

async function wrongFigure(
  sharp: Sharp,
  one: WrongPicture,
  images: string,
  labels: Evaluation['labels'],
): Promise<Html> {
  const jpeg = await thumbnail(sharp, path.resolve(images, one.file), SIDE_PX);
  const source = `data:image/jpeg;base64,${jpeg.toString('base64')}`;
  return html`<figure><img src="${source}" alt="${one.label}, named ${one.predicted}">
    <figcaption><b>${one.label}</b> named <b>${one.predicted}</b> ${one.score.toFixed(2)}<br>${tagOf(one, labels)}<br>${one.file}</figcaption></figure>`;
}

function tagOf({ label, verdict }: WrongPicture, labels: Evaluation['labels']): Html {
  const defective = labels[label]?.kind === 'defect';
  if (defective && verdict === 'pass') return html`<span class="tag">escape</span>`;
  if (!defective && verdict !== 'pass') return html`<span class="tag">false ${verdict}</span>`;
  return html`<span class="tag mild">${verdict}</span>`;
}
