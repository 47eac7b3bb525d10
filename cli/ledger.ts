import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exportLedger, jsonLine, readLedger, verifyLedger } from '../agent/adapters/ledger/read.ts';
import type { LedgerRow } from '../agent/core/ledger/row.ts';
import { ledgerFile } from '../agent/main.ts';
import { onceStopped } from './signals.ts';

function fileIn(state: string): string {
  return path.join(state, ledgerFile);
}

/** Prints the last rows, and with `follow` what comes after them until Ctrl-C. */
export async function tail(options: { state: string; lines: number; follow: boolean; json: boolean }): Promise<void> {
  const file = fileIn(options.state);
  if (options.json) {
    const rows: unknown[] = [];
    for await (const row of readLedger(file, { last: options.lines })) rows.push(JSON.parse(jsonLine(row)));
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const stop = new AbortController();
  const stopped = onceStopped();
  void stopped.signal.then(() => stop.abort());
  try {
    const follow = options.follow ? { follow: stop.signal } : {};
    for await (const row of readLedger(file, { last: options.lines, ...follow })) process.stdout.write(textOf(row));
  } finally {
    stopped.forget();
  }
}

function textOf(row: LedgerRow): string {
  const when = new Date(row.wallMs).toISOString();
  const payload = JSON.parse(row.payload) as Record<string, unknown>;
  const number = String(row.seq).padStart(7);
  if (row.kind !== 'part') return `${number}  ${when}  ${row.kind.padEnd(6)} ${row.outcome} ${row.payload}\n`;
  const why = String(payload['label'] ?? payload['reason'] ?? '');
  const score = row.score === null ? '    ' : row.score.toFixed(2);
  const gate = `${payload['action']}, ${payload['confirmation']}`;
  return `${number}  ${when}  part ${String(row.part).padEnd(8)} ${row.outcome.padEnd(10)} ${why.padEnd(18)} ${score}  ${gate}\n`;
}

/** Audits the ledger and says what it found; exit status 1 when something is wrong. */
export async function verify(options: { state: string; json: boolean }): Promise<void> {
  const progress = (rows: number, of: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${rows} of ${of} rows`);
  };
  const report = await verifyLedger(fileIn(options.state), progress);
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  if (!report.ok) process.exitCode = 1;
  if (options.json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const { rows, parts, gaps, open } = report;
  const findings = report.findings.map((finding) => `  ${finding}\n`).join('');
  const verdict = report.ok ? 'whole' : 'NOT whole';
  const counts = `${rows} rows, ${parts} parts, ${gaps} part numbers in gap rows, ${open} still open`;
  process.stdout.write(`The ledger is ${verdict}: ${counts}.\n${findings}`);
}

/** Writes all rows to standard output. */
export async function exportRows(options: { state: string; format: 'csv' | 'jsonl' }): Promise<void> {
  await pipeline(exportLedger(fileIn(options.state), options.format), process.stdout, { end: false });
}
