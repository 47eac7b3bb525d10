import type { Readable } from 'node:stream';

const MAX_LINE_CHARS = 2000;

/** Calls `onLine` for each line of a text stream; a longer line comes in pieces of 2,000 characters. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) emitPieces(line, onLine);
    if (rest.length < MAX_LINE_CHARS) return;
    emitPieces(rest, onLine);
    rest = '';
  });
  stream.on('end', () => emitPieces(rest, onLine));
  // A pipe that breaks ends with the process behind it, which is watched elsewhere.
  stream.on('error', () => undefined);
}

function emitPieces(line: string, onLine: (line: string) => void): void {
  for (let start = 0; start < line.length; start += MAX_LINE_CHARS) onLine(line.slice(start, start + MAX_LINE_CHARS));
}
