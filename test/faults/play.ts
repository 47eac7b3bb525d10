import { rmSync } from 'node:fs';
import { messageOf } from '../../agent/core/errors.ts';
import type { Cleanup } from '../support/cleanup.ts';
import type { Check } from './check.ts';

/** A scenario that is about to be played. */
export interface Play {
  readonly name: string;
  /** Of its own; removed afterwards. */
  readonly folder: string;
  readonly timeoutMs: number;
  readonly say: (line: string) => void;
  readonly run: (cleanup: Cleanup) => Promise<readonly Check[]>;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** What a shell gives for a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** How to end each scenario that is being played; there may be several at once. */
const playing = new Set<() => Promise<void>>();

// Stations and brokers run in groups of their own, which the terminal's Ctrl-C does not reach.
function interrupted(): void {
  process.stderr.write('interrupted: ending what was started\n');
  void Promise.all([...playing].map((endAll) => endAll())).finally(() => process.exit(INTERRUPTED));
}

/** Plays a scenario within its time and cleans up after it; whatever goes wrong is a check that is not ok. */
export async function play({ name, folder, timeoutMs, say, run }: Play): Promise<readonly Check[]> {
  const endings: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const endAll = async (): Promise<void> => {
    for (const end of endings.splice(0)) await Promise.try(end).catch(() => undefined);
  };
  if (playing.size === 0) for (const signal of SIGNALS) process.once(signal, interrupted);
  playing.add(endAll);
  const startedMs = Date.now();
  try {
    const done = await withTimeout(timeoutMs, run({ after: (action) => void endings.unshift(action) }));
    return done.map((check) => ({ ...check, id: `${name}: ${check.id}` }));
  } catch (error) {
    return [{ id: `${name}: finished`, value: messageOf(error), limit: 'no fault', ok: false, ran: true }];
  } finally {
    await endAll();
    playing.delete(endAll);
    if (playing.size === 0) for (const signal of SIGNALS) process.off(signal, interrupted);
    say(`${name}: ${Math.round((Date.now() - startedMs) / 1000)} s of at most ${timeoutMs / 1000}`);
  }
}

async function withTimeout<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`was not done after ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Prints what came of it, and has this process end with 0, with 1 when a check is not ok, or with 3 when one did not run. */
export function report(checks: readonly Check[], json: boolean): void {
  const pass = checks.length > 0 && checks.every(({ ok }) => ok);
  if (json) process.stdout.write(`${JSON.stringify({ pass, checks }, null, 2)}\n`);
  else for (const check of checks) process.stdout.write(`${lineOf(check)}\n`);
  const failed = checks.length === 0 || checks.some(({ ok, ran }) => ran && !ok);
  process.exitCode = failed ? 1 : pass ? 0 : 3;
  // A child that does not end must not keep a finished run from ending.
  setTimeout(() => process.exit(), 5000).unref();
}

function lineOf({ id, value, limit, ok, ran }: Check): string {
  return `${ok ? 'ok     ' : ran ? 'FAILED ' : 'NOT RUN'} ${id}: ${value} (${limit})`;
}
