import { readdirSync, readFileSync } from 'node:fs';

/** The process ids of the children of `pid` whose command line holds `text`. Linux only. */
export function childrenOf(pid: number, text: string): number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((child) => parentOf(child) === pid && commandOf(child).includes(text));
}

/** Whether a process is there and not only waiting to be reaped. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)[0];
  return state !== undefined && state !== 'Z';
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

/** The fields of /proc/PID/stat after the name, from the state on. Empty when the process is gone. */
function statOf(pid: number): string[] {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
