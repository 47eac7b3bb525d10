import { readdirSync, readFileSync } from 'node:fs';
import type { Resources } from './messages.ts';

/** Memory of this process and of those it started, and what it gave the disk to write, threads included (Linux). */
export function readResources(): Resources {
  globalThis.gc?.();
  const childRssBytes = children().reduce((sum, pid) => sum + rssBytes(pid), 0);
  return { rssBytes: rssBytes('self'), childRssBytes, writtenBytes: field('/proc/self/io', 'write_bytes') };
}

function rssBytes(pid: string): number {
  return field(`/proc/${pid}/status`, 'VmRSS') * 1024;
}

function children(): string[] {
  const of = (thread: string): string[] =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').match(/\d+/g) ?? [];
  return readdirSync('/proc/self/task').flatMap(of);
}

function field(file: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(readFileSync(file, 'utf8'))?.[1]);
}
