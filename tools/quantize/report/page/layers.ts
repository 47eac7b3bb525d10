import { type Html, html } from '../../../evaluate/report/html.ts';
import type { Report } from '../report.ts';

type Layer = Report['layers'][number];

const [WIDTH, HEIGHT] = [880, 300];
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 16, 26, 30];
/** A layer that only moves numbers differs in nothing; its infinite ratio would flatten all others. */
const MOST_DB = 80;
const TICK_DB = 10;
const WEAKEST = 3;
const WIDEST_BAR = 26;

/** The noise ratio of every layer in the order of the network, as inline SVG, with all figures in a table below. */
export function layerFigure({ layers }: Report): Html {
  const highest = Math.max(...layers.map(({ sqnrDb }) => Math.min(MOST_DB, sqnrDb)));
  const top = Math.max(TICK_DB, Math.ceil(highest / TICK_DB) * TICK_DB);
  const weakest = [...layers].sort((a, b) => a.sqnrDb - b.sqnrDb).slice(0, WEAKEST);
  const toY = (db: number) => round(HEIGHT - BOTTOM - (Math.max(0, Math.min(db, top)) / top) * (HEIGHT - TOP - BOTTOM));
  const ticks = Array.from({ length: top / TICK_DB + 1 }, (_, i) => i * TICK_DB);
  const worst = weakest.map((layer) => `${layer.name} ${decibels(layer)}`).join(', ');
  return html`<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Noise ratio of ${layers.length} layers in dB; the weakest are ${worst}">
    ${ticks.map((db) => html`<path class="grid" d="M${LEFT} ${toY(db)}H${WIDTH - RIGHT}"/><text class="quiet" x="${LEFT - 6}" y="${toY(db) + 4}" text-anchor="end">${db}</text>`)}
    <text class="quiet" x="${LEFT}" y="14">dB: how far the signal stands above the rounding noise; higher is better</text>
    <text class="quiet" x="${LEFT}" y="${HEIGHT - 8}">input</text><text class="quiet" x="${WIDTH - RIGHT}" y="${HEIGHT - 8}" text-anchor="end">scores</text>
    ${layers.map((layer, at) => bar(layer, at, layers.length, toY, weakest.includes(layer)))}
  </svg><figcaption>Each bar is a layer; the ${weakest.length} weakest are marked. About 6 dB are one bit. Point at a bar for its name.</figcaption></figure>
  <details><summary>All ${layers.length} layers</summary>${layerTable(layers)}</details>`;
}

function bar(layer: Layer, at: number, count: number, toY: (db: number) => number, weak: boolean): Html {
  const step = (WIDTH - LEFT - RIGHT) / count;
  const width = round(Math.min(WIDEST_BAR, step * 0.72));
  const x = round(LEFT + (at + 0.5) * step - width / 2);
  const y = toY(layer.sqnrDb);
  const mark = weak
    ? html`<text class="weak" x="${round(x + width / 2)}" y="${y - 5}" text-anchor="middle">${Math.round(layer.sqnrDb)}</text>`
    : html``;
  return html`<g><title>${layer.name} (${layer.operator}): ${decibels(layer)}</title><rect class="${weak ? 'weak' : 'int8'}" x="${x}" y="${y}" width="${width}" height="${round(HEIGHT - BOTTOM - y)}"/>${mark}</g>`;
}

function layerTable(layers: readonly Layer[]): Html {
  const rows = layers.map(
    (layer) => html`<tr><td>${layer.name}</td><td>${layer.operator}</td><td class="n">${decibels(layer)}</td></tr>`,
  );
  return html`<table><thead><tr><th>layer</th><th>operator</th><th class="n">noise ratio</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function decibels({ sqnrDb }: Layer): string {
  return sqnrDb > MOST_DB ? 'exact' : `${sqnrDb.toFixed(1)} dB`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
