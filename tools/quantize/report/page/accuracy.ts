import { type Html, html } from '../../../evaluate/report/html.ts';
import { percent, range } from '../../../evaluate/words.ts';
import type { Gain } from '../difference.ts';
import type { Report } from '../report.ts';

type Evaluation = NonNullable<Report['evaluation']>;

const WIDTH = 880;
const [LEFT, RIGHT] = [60, 230];
const [ROW, AXIS] = [34, 22];

/** A figure with its interval, as a dot with whiskers. */
interface Dot {
  readonly name: string;
  readonly tone: 'float' | 'int8';
  readonly value: number;
  readonly interval: readonly [number, number];
}

/** Accuracy of both models, what lies between them, and what the recipe's thresholds make of it. */
export function accuracySection(evaluation: Evaluation, maxDropPoints: number | undefined): Html {
  const { float, int8, accuracyIntervals, difference, pictures } = evaluation;
  const both: Dot[] = [
    { name: 'float', tone: 'float', value: float.accuracy, interval: accuracyIntervals.float },
    { name: 'INT8', tone: 'int8', value: int8.accuracy, interval: accuracyIntervals.int8 },
  ];
  const gain: Dot = { name: '', tone: 'int8', ...difference.accuracy };
  return html`<h3>Accuracy on ${pictures} pictures</h3>${dotFigure(both, percent)}
    <h3>The difference on the same pictures, in points</h3>
    ${dotFigure([gain], pointText, [0, ...(maxDropPoints === undefined ? [] : [-maxDropPoints / 100])])}
    <p class="muted">Whiskers hold 95 %; they come from 2,000 resamples of ${difference.groups} whole groups. The two models see the same pictures, so
    the difference is known better than either figure. Dashed: no difference${maxDropPoints === undefined ? '' : ` and the ${maxDropPoints} points that may be lost`}.</p>
    ${table(evaluation)}`;
}

function table({ float, int8, difference, verdicts, floatVerdicts, sameLabel }: Evaluation): Html {
  const row = (name: string, ...cells: string[]) =>
    html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td class="n">${cell}</td>`)}</tr>`;
  return html`<table><thead><tr><td></td><th class="n">float</th><th class="n">INT8</th><th class="n">INT8 less float, 95 %</th></tr></thead><tbody>
    ${row('accuracy', percent(float.accuracy), percent(int8.accuracy), gainText(difference.accuracy))}
    ${row('balanced over labels', percent(float.balancedAccuracy), percent(int8.balancedAccuracy), gainText(difference.balancedAccuracy))}
    ${row('defects that pass', percent(floatVerdicts.escapes), percent(verdicts.escapes), '')}
    ${row('good parts that are stopped', percent(floatVerdicts.falseRejects), percent(verdicts.falseRejects), '')}
    ${row('reviews', percent(floatVerdicts.reviews), percent(verdicts.reviews), '')}
    ${row('same label from both', '', percent(sameLabel), '')}
  </tbody></table>`;
}

/** A gain in points with its interval. */
export function gainText({ value, interval }: Gain): string {
  return `${pointText(value)} (${range(interval, pointText)})`;
}

function pointText(share: number): string {
  const points = (100 * share).toFixed(2);
  return Number(points) === 0 ? '0.00' : points.replace('-', '\u2212');
}

function dotFigure(dots: readonly Dot[], write: (value: number) => string, marks: readonly number[] = []): Html {
  const ends = [...dots.flatMap(({ interval }) => interval), ...marks];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const room = Math.max(most - least, 0.001) * 0.06;
  const toX = (value: number) =>
    Math.round(LEFT + ((value - least + room) / (most - least + 2 * room)) * (WIDTH - LEFT - RIGHT));
  const height = dots.length * ROW + (marks.length > 0 ? AXIS : 0);
  const label = dots
    .map(({ name, value, interval }) => `${name || 'difference'} ${write(value)}, 95 % ${range(interval, write)}`)
    .join('; ');
  return html`<figure><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">
    ${marks.map((mark) => html`<path class="limit" d="M${toX(mark)} 4V${height - AXIS}"/><text class="quiet" x="${toX(mark)}" y="${height - 6}" text-anchor="middle">${write(mark)}</text>`)}
    ${dots.map((dot, at) => drawn(dot, ROW / 2 + at * ROW, toX, write))}</svg></figure>`;
}

function drawn(
  { name, tone, value, interval: [low, high] }: Dot,
  y: number,
  toX: (v: number) => number,
  write: (v: number) => string,
): Html {
  const [from, to] = [toX(low), toX(high)];
  return html`<text x="0" y="${y + 4}">${name}</text>
    <path class="${tone}" stroke-width="3" d="M${from} ${y}H${to}M${from} ${y - 6}V${y + 6}M${to} ${y - 6}V${y + 6}"/>
    <circle class="${tone}" cx="${toX(value)}" cy="${y}" r="7"/>
    <text x="${WIDTH - RIGHT + 14}" y="${y + 4}" ><tspan style="font-weight:600">${write(value)}</tspan><tspan class="quiet" dx="8">${range([low, high], write)}</tspan></text>`;
}
