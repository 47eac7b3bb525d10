import type { Host } from '../host.ts';

/** A process, by what the kernel tells of it to anybody. */
export interface Process {
  readonly pid: string;
  /** Its command line, word by word. */
  readonly words: readonly string[];
  /** Where the kernel tells of it. */
  readonly folder: string;
}

/** Processes whose command line holds a word that matches. */
export async function processesLike(host: Host, pattern: RegExp): Promise<readonly Process[]> {
  const found: Process[] = [];
  for (const pid of (await host.names('/proc')).filter((name) => /^\d+$/.test(name))) {
    const folder = `/proc/${pid}`;
    const words = ((await host.text(`${folder}/cmdline`)) ?? '').split('\0');
    // The program, or the script that an interpreter runs: not whoever has the name among its arguments.
    if (words.slice(0, 2).some((word) => pattern.test(word))) found.push({ pid, folder, words });
  }
  return found;
}

/** The gatekeepers that run; the same program also writes to systemd, checks a file, or makes outputs inactive. */
export async function gatekeepers(host: Host): Promise<readonly Process[]> {
  const all = await processesLike(host, /(^|\/)linegate-gatekeeper$/);
  return all.filter(
    ({ words }) => words.includes('--conf') && !words.includes('--check') && !words.includes('--de-energise'),
  );
}
