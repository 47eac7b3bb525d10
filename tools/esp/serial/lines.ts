import type { Duplex } from 'node:stream';

// A line of ours is far shorter; without an end what comes is noise, as of another rate.
const LONGEST = 16_384;

/**
 * The lines that a stream brings until the signal aborts or it ends; without their ends. What is longer than a line of ours
 * can be is given in pieces.
 */
export async function* linesOf(stream: Duplex, signal: AbortSignal): AsyncGenerator<string> {
  let rest = '';
  for await (const bytes of chunksOf(stream, signal)) {
    rest += bytes.toString('utf8');
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length <= LONGEST) continue;
    yield rest;
    rest = '';
  }
  if (rest !== '') yield rest;
}

async function* chunksOf(stream: Duplex, signal: AbortSignal): AsyncGenerator<Buffer> {
  const waiting: Buffer[] = [];
  let wake: () => void = () => {};
  const onData = (bytes: Uint8Array): void => {
    waiting.push(Buffer.from(bytes));
    wake();
  };
  const onEnd = (): void => wake();
  stream.on('data', onData);
  for (const ended of ['end', 'close', 'error'] as const) stream.on(ended, onEnd);
  signal.addEventListener('abort', onEnd);
  try {
    while (true) {
      yield* waiting.splice(0);
      if (signal.aborted || stream.readableEnded || stream.destroyed) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (waiting.length > 0 || signal.aborted) resolve();
      });
    }
  } finally {
    stream.off('data', onData);
    signal.removeEventListener('abort', onEnd);
    for (const ended of ['end', 'close', 'error'] as const) stream.off(ended, onEnd);
  }
}
