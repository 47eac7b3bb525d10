/** The rows of a CSV file (RFC 4180: quoted cells may hold commas, quotes and line ends) by the names in its first row. */
export function parseCsv(text: string): {
  readonly columns: readonly string[];
  readonly rows: Record<string, string>[];
} {
  const [columns = [], ...rest] = cellsOf(text.replace(/^\uFEFF/, ''));
  const filled = rest.filter((row) => row.some((cell) => cell !== ''));
  return {
    columns,
    rows: filled.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? '']))),
  };
}

function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
