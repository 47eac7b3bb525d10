import { readdirSync, readFileSync } from 'node:fs';

/** The process ids of the children of `pid` whose command line holds `text`. Linux only. */
export function childrenOf(pid: number, text: string): number[] {
  const children = threadsOf(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).match(/\d+/g) ?? []);
  return children.map(Number).filter((child) => read(`/proc/${child}/cmdline`).includes(text));
}

/** Whether a process is there and not only waiting to be reaped. */
export function isRunning(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
  return state !== undefined && state !== 'Z';
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
