import type { Manifest } from '../agent/core/recipe.ts';

/** Rows as columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  const lines = rows.map((row) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  '));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** A manifest for a person to read. */
export function manifestText(manifest: Manifest, digest: string, folder: string): string {
  const { name, version, description, model, data } = manifest;
  return [
    `${name} version ${version}`,
    description,
    '',
    indented([
      ['folder', folder],
      ['digest', digest],
      ['model', `${model.file}, ${model.sizeBytes} bytes, sha256 ${model.sha256}`],
      ['looks at', preprocessText(manifest)],
      ['data', data.source],
      ['licence', data.licence],
      ['split', data.split],
    ]),
    `A part passes when its ok labels score at least ${manifest.decision.minimumOk} together and no defect reaches its review threshold.`,
    indented([['label', 'kind', 'review from', 'reject from'], ...labelRows(manifest)]),
    'Figures that came with it',
    indented(Object.entries(manifest.figures).map(([what, value]) => [String(value), what])),
  ].join('\n');
}

function preprocessText({ preprocess }: Manifest): string {
  const { colour, widthPx, heightPx, region } = preprocess;
  const percent = (fraction: number): string => `${Number((100 * fraction).toFixed(1))} %`;
  const from = `from ${percent(region.x)} right, ${percent(region.y)} down`;
  return `${percent(region.width)} x ${percent(region.height)} of the frame ${from}, as ${widthPx} x ${heightPx} px ${colour}`;
}

function labelRows({ labels, decision }: Manifest): string[][] {
  return labels.map(({ name, kind }) => {
    const threshold = decision.thresholds[name];
    return [name, kind, String(threshold?.review ?? ''), String(threshold?.reject ?? '')];
  });
}

function indented(rows: readonly (readonly string[])[]): string {
  return table(rows).replace(/^/gm, '  ').trimEnd().concat('\n');
}
