import { stripVTControlCharacters } from 'node:util';
import type { SerialLine } from '../serial/line.ts';
import { linesOf } from '../serial/lines.ts';
import { type BootReport, isComplete, nothingSeen, withLine } from './boot-report.ts';

export interface MonitorOptions {
  readonly line: SerialLine;
  readonly durationMs: number;
  /** Ends when a start was seen whole instead of after the time. */
  readonly untilStarted: boolean;
  /** Ends it early. */
  readonly stop?: AbortSignal;
  readonly show: (line: string) => void;
}

/** Shows what the console says, and gives what it said of the board's start. */
export async function monitor({ line, durationMs, untilStarted, stop, show }: MonitorOptions): Promise<BootReport> {
  const time = AbortSignal.timeout(durationMs);
  const end = new AbortController();
  let report = nothingSeen;
  for await (const text of linesOf(line.stream, AbortSignal.any([time, end.signal, ...(stop ? [stop] : [])]))) {
    show(printable(text));
    report = withLine(report, text);
    if (untilStarted && isComplete(report)) end.abort();
  }
  return report;
}

/** Colours and other orders to a terminal are not passed on: a board is no one to be trusted with it. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{C}\t]/gu, '\uFFFD');
}
