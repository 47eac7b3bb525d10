import { type Html, html } from '../../../evaluate/report/html.ts';
import type { ChangedPicture } from '../changed.ts';

const MOST_PICTURES = 48;
const words = { lost: 'INT8 is wrong', won: 'INT8 is right', same: 'as right as before' } as const;

/** The pictures whose verdict changed. `thumbnail` gives the JPEG of a picture by its name in the report. */
export async function picturesSection(
  changed: readonly ChangedPicture[],
  thumbnail: (file: string) => Promise<Buffer>,
): Promise<Html> {
  if (changed.length === 0)
    return html`<p>None: at the recipe’s thresholds every picture gets the verdict that it had.</p>`;
  const shown = changed.slice(0, MOST_PICTURES);
  const figures: Html[] = [];
  for (const one of shown) figures.push(figure(one, await thumbnail(one.file)));
  const count =
    shown.length < changed.length ? `the first ${shown.length} of ${changed.length}` : `all ${changed.length}`;
  return html`<p class="muted">Those that INT8 gets wrong come first; ${count} are shown.</p><div class="pictures">${figures}</div>`;
}

function figure({ file, label, float, int8, effect }: ChangedPicture, jpeg: Buffer): Html {
  const said = ({ verdict, score, label: by }: ChangedPicture['float']) => `${verdict} (${by} ${score.toFixed(2)})`;
  return html`<figure><img src="data:image/jpeg;base64,${jpeg.toString('base64')}" alt="${label}">
    <figcaption><b>${label}</b> <span class="tag ${effect}">${words[effect]}</span><br>float: ${said(float)}<br>INT8: ${said(int8)}<br>${file}</figcaption></figure>`;
}
