/** A place on a sheet, px. */
export type Point = readonly [x: number, y: number];
/** What a wire carries: hot, the line's 24 V; cold, the station's 3.3 V; plain, anything else; dash, what is not a wire. */
export type Kind = 'hot' | 'cold' | 'plain' | 'dash';

const style = `
.paper{fill:#fff}.body{fill:#f6f8fa;stroke:#57606a;stroke-width:1.5}.ink{fill:#1f2328;stroke:none}
.plain,.hot,.cold,.dash{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.plain{stroke:#1f2328}.hot{stroke:#b42318}.cold{stroke:#0b5cad}.dash{stroke:#57606a;stroke-dasharray:6 5}
.fill{fill:#fff}text{font-family:Helvetica,Arial,'DejaVu Sans',sans-serif;font-size:14px;fill:#1f2328}
.small{font-size:12px;fill:#57606a}.title{font-size:17px;font-weight:bold}.warn{fill:#b42318;font-weight:bold}
.hots{fill:#b42318}.colds{fill:#0b5cad}
@media(prefers-color-scheme:dark){.paper,.fill{fill:#0d1117}.body{fill:#161b22;stroke:#8b949e}.ink,text{fill:#e6edf3}
.plain{stroke:#e6edf3}.hot{stroke:#ff7b72}.cold{stroke:#79c0ff}.dash{stroke:#8b949e}.small{fill:#9aa4af}.warn,.hots{fill:#ff7b72}
.colds{fill:#79c0ff}}`;

/** A whole SVG document. `title`: what it shows, also for those who cannot see it. */
export function sheet(width: number, height: number, title: string, parts: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`;
  const paper = `<rect class="paper" width="${width}" height="${height}" rx="8"/>`;
  const lines = [
    head,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    paper,
    text(24, 32, title, 'title'),
  ];
  return `${[...lines, ...parts, '</svg>'].join('\n')}\n`;
}

/** A line of text; its classes are those of the style. */
export function text(
  x: number,
  y: number,
  words: string,
  classes = '',
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return `<text x="${x}" y="${y}" class="${classes}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

/** Lines of text below one another, small. */
export function notes(x: number, y: number, ...lines: readonly string[]): string {
  return lines.map((line, at) => text(x, y + at * 18, line, 'small')).join('\n');
}

export function wire(kind: Kind, ...points: readonly Point[]): string {
  return `<polyline class="${kind}" points="${points.map((point) => point.join(',')).join(' ')}"/>`;
}

/** Where wires meet. */
export function dot(x: number, y: number): string {
  return `<circle class="ink" cx="${x}" cy="${y}" r="3.5"/>`;
}

/** A thing with its names in the middle of its top. */
export function box(x: number, y: number, width: number, height: number, ...names: readonly string[]): string {
  const rect = `<rect class="body" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`;
  const said = names.map((name, at) => text(x + width / 2, y + 20 + at * 17, name, at === 0 ? '' : 'small', 'middle'));
  return [rect, ...said].join('\n');
}

/** A terminal on the edge of a box: a small circle, and its name inside, to the left or the right of it. */
export function pin(x: number, y: number, name: string, inside: 'left' | 'right'): string {
  const circle = `<circle class="plain fill" cx="${x}" cy="${y}" r="4"/>`;
  return inside === 'left' ? circle + text(x - 10, y + 5, name, '', 'end') : circle + text(x + 10, y + 5, name);
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
