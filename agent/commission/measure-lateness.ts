import { spawn } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { LinegateError, messageOf } from '../core/errors.ts';
import { nativeProgram } from '../native/programs-path.ts';
import { type LatenessFigures, latenessOf } from './lateness.ts';

export interface LatenessOptions {
  readonly seconds: number;
  /** Where the load on the disk is written; gone afterwards. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Runs linegate-lateness while this process works and writes to the disk. Rejects with a LinegateError 'device' when it cannot,
 * or when the signal ends it.
 */
export async function measureLateness({ seconds, folder, signal }: LatenessOptions): Promise<LatenessFigures> {
  const load = startLoad(folder);
  try {
    return read(await output(seconds, signal));
  } finally {
    load.stop();
  }
}

function output(seconds: number, signal: AbortSignal): Promise<string> {
  const program = nativeProgram('linegate-lateness');
  return new Promise((resolve, reject) => {
    const child = spawn(program, [String(seconds)], { stdio: ['ignore', 'pipe', 'pipe'], signal });
    let printed = '';
    let said = '';
    const limit = setTimeout(() => child.kill('SIGKILL'), (seconds + 30) * 1000);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const failed = (why: string): void => {
      clearTimeout(limit);
      const message = `${program} did not measure (${why.replace(/\.?\s*$/, '')}): build it with "node agent/native/linux.ts", or give the figure by hand.`;
      reject(new LinegateError('device', message));
    };
    child.on('error', (error) => failed(messageOf(error)));
    child.on('close', (status, ended) => {
      clearTimeout(limit);
      if (status === 0) resolve(printed);
      else failed(said === '' ? `it ended with ${status ?? ended}` : said);
    });
  });
}

function read(text: string): LatenessFigures {
  const [head, ...rows] = text.trim().split('\n');
  const figures = latenessOf(rows.map(Number), head === 'realtime 1');
  if (figures !== undefined && Number.isFinite(figures.maxNs)) return figures;
  throw new LinegateError(
    'device',
    'linegate-lateness printed no figures: install it in the version of this linegate.',
  );
}

const sliceMs = 15;
const pauseMs = 5;
const blockBytes = 1_000_000;

/** JavaScript and synchronous writes in slices, so that keys are still read. */
function startLoad(folder: string): { stop: () => void } {
  const file = path.join(folder, `lateness-${process.pid}.tmp`);
  const handle = openSync(file, 'w');
  const block = Buffer.alloc(blockBytes, 0x55);
  const slice = (): void => {
    const end = performance.now() + sliceMs;
    writeSync(handle, block, 0, blockBytes, 0);
    fsyncSync(handle);
    while (performance.now() < end) JSON.parse(JSON.stringify(Array.from({ length: 500 }, (_, at) => ({ at }))));
    timer = setTimeout(slice, pauseMs);
  };
  let timer = setTimeout(slice, 0);
  return {
    stop: () => {
      clearTimeout(timer);
      closeSync(handle);
      rmSync(file, { force: true });
    },
  };
}
