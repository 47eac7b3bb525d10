import { readFileSync } from 'node:fs';

/**
 * For each Node in the lab by a virtual clock. Where it goes on in idle waits alone, the tasks of V8 that mark and sweep in steps ask for
 * themselves again until some time has gone by or another thread has come to run, and neither comes while they ask.
 */
export const virtualTimeNodeFlags = ['--single-threaded-gc', '--no-incremental-marking'] as const;

/**
 * The command on one of the processors that this process may use. The lab's kernel has one as well and changes between processes
 * of the host at each system call; where these wake one another on two processors, a run takes three times as long.
 */
export function onOneProcessor(command: readonly string[]): string[] {
  const processors = allowedProcessors(readFileSync('/proc/self/status', 'utf8'));
  const own = processors[process.pid % processors.length];
  return own === undefined ? [...command] : ['taskset', '--cpu-list', String(own), ...command];
}

/** From a line such as `Cpus_allowed_list: 0,2-3`; none when there is no such line. */
function allowedProcessors(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first = '0', last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index),
  );
}
