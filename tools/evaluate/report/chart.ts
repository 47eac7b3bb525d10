import { type Html, html } from './html.ts';

/** A place on a chart; both numbers are shares, 0 to 1. */
export type Point = readonly [x: number, y: number];

export interface Chart {
  readonly title: string;
  /** The same in words, for those who do not see it. */
  readonly description: string;
  readonly xName: string;
  /** Scores are written 0 to 1, shares as percentages. */
  readonly xUnit: 'score' | 'share';
  readonly yName: string;
  readonly lines: readonly ChartLine[];
  readonly marks: readonly ChartMark[];
}

export interface ChartLine {
  readonly points: readonly Point[];
  readonly colour: string;
  readonly dashed?: boolean;
  /** A word beside the line, where it is at 70 % of the height. */
  readonly name?: { readonly text: string; readonly side: 'left' | 'right' };
}

/** A dot with a word at it, or a vertical line where `y` is left out. */
export interface ChartMark {
  readonly x: number;
  readonly y?: number;
  /** Of the dot, in px of a chart 400 px wide. */
  readonly radius?: number;
  readonly name: string;
  readonly colour: string;
}

const [WIDTH, HEIGHT] = [400, 300];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 24, 12, 44];
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

const toX = (x: number): number => round(LEFT + x * (WIDTH - LEFT - RIGHT));
const toY = (y: number): number => round(HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM));

/** A chart as a figure with inline SVG; needs no script. */
export function chartFigure(chart: Chart): Html {
  return html`<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${chart.title}: ${chart.description}">
    <title>${chart.title}</title>${TICKS.map((at) => gridLine(at, chart.xUnit))}
    <text x="${toX(0.5)}" y="${HEIGHT - 6}" text-anchor="middle">${chart.xName}</text>
    <text x="14" y="${toY(0.5)}" text-anchor="middle" transform="rotate(-90 14 ${toY(0.5)})">${chart.yName}</text>
    ${chart.lines.map(drawnLine)}${chart.marks.map(drawnMark)}
  </svg><figcaption><b>${chart.title}.</b> ${chart.description}</figcaption></figure>`;
}

function gridLine(at: number, xUnit: Chart['xUnit']): Html {
  const name = `${Math.round(100 * at)} %`;
  const xName = xUnit === 'share' ? name : String(at);
  return html`<path d="M${toX(at)} ${toY(0)}V${toY(1)}M${toX(0)} ${toY(at)}H${toX(1)}" stroke="#d3dae0" fill="none"/>
    <text x="${toX(at)}" y="${toY(0) + 16}" text-anchor="middle">${xName}</text>
    <text x="${toX(0) - 6}" y="${toY(at) + 4}" text-anchor="end">${name}</text>`;
}

function drawnLine(line: ChartLine): Html {
  const { points, colour, dashed = false } = line;
  const path = points.map(([x, y]) => `${toX(x)} ${toY(y)}`).join('L');
  const dash = dashed ? '5 4' : 'none';
  return html`<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>${lineName(line)}`;
}

function lineName({ points, name, colour }: ChartLine): Html {
  const away = ([, y]: Point) => Math.abs(y - 0.7);
  const nearest = points.toSorted((a, b) => away(a) - away(b))[0];
  if (name === undefined || nearest === undefined) return html``;
  const right = name.side === 'right';
  const x = toX(nearest[0]) + (right ? 8 : -8);
  const anchor = right ? 'start' : 'end';
  return html`<text x="${x}" y="${toY(nearest[1])}" text-anchor="${anchor}" style="fill:${colour};font-weight:600">${name.text}</text>`;
}

function drawnMark({ x, y, name, colour, radius = 5 }: ChartMark): Html {
  const anchor = x > 0.6 ? 'end' : 'start';
  const aside = x > 0.6 ? -8 : 8;
  if (y === undefined) {
    return html`<path d="M${toX(x)} ${toY(0)}V${toY(1)}" stroke="${colour}" stroke-width="1.5" stroke-dasharray="2 3"/>
      <text x="${toX(x) + aside / 2}" y="${toY(0.93)}" text-anchor="${anchor}" style="fill:${colour}">${name}</text>`;
  }
  return html`<circle cx="${toX(x)}" cy="${toY(y)}" r="${round(radius)}" fill="${colour}" stroke="#fff" stroke-width="1.5"/>
    <text x="${toX(x) + aside}" y="${toY(y) + 16}" text-anchor="${anchor}" style="fill:${colour}">${name}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
