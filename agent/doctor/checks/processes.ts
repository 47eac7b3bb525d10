import type { Host } from '../host.ts';

/** A process, by what the kernel tells of it to anybody. */
export interface Process {
  readonly pid: string;
  readonly command: string;
  /** Its file of limits, to be read in turn. */
  readonly folder: string;
}

/** Processes whose command line holds a word that matches. */
export async function processesLike(host: Host, pattern: RegExp): Promise<readonly Process[]> {
  const found: Process[] = [];
  for (const pid of (await host.names('/proc')).filter((name) => /^\d+$/.test(name))) {
    const folder = `/proc/${pid}`;
    const words = ((await host.text(`${folder}/cmdline`)) ?? '').split('\0');
    // The program, or the script that an interpreter runs: not whoever has the name among its arguments.
    if (words.slice(0, 2).some((word) => pattern.test(word)))
      found.push({ pid, folder, command: words.join(' ').trim() });
  }
  return found;
}

export const gatekeeperProgram = /(^|\/)linegate-gatekeeper$/;
