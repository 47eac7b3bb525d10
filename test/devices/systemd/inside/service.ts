import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a command said and how it ended. */
export interface Said {
  readonly status: number | null;
  readonly text: string;
}

/** Runs a program to its end; standard output and error together. */
export function command(program: string, ...args: readonly string[]): Said {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 180_000,
    // No colours.
    env: { ...process.env, TERM: 'dumb', SYSTEMD_COLORS: '0' },
  });
  return { status, text: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim() };
}

/** Runs a program that must end with 0. Throws with what it said. */
export function must(program: string, ...args: readonly string[]): string {
  const { status, text } = command(program, ...args);
  if (status === 0) return text;
  throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${text}`);
}

/** A unit's properties, as systemd has them. */
export function show(unit: string, property: string): string {
  return command('systemctl', 'show', unit, '-p', property, '--value').text;
}

export function mainPid(unit: string): number {
  return Number(show(unit, 'MainPID'));
}

/** When it last became active, ns of CLOCK_MONOTONIC; 0 when it is not. */
export function activeSinceNs(unit: string): number {
  if (show(unit, 'ActiveState') !== 'active') return 0;
  return Number(show(unit, 'ActiveEnterTimestampMonotonic')) * 1000;
}

/** Seldom: to ask costs the lab's one processor more than what is waited for; systemd itself tells when it was. */
const askMs = 1500;

/** Waits until the unit has become active after `sinceNs`; the time from then to there, in seconds; infinite when it did not. */
export async function activeAgainAfter(unit: string, sinceNs: number, limitMs = 90_000): Promise<number> {
  for (const end = performance.now() + limitMs; performance.now() < end; ) {
    await sleep(askMs);
    const atNs = activeSinceNs(unit);
    if (atNs > sinceNs) return (atNs - sinceNs) / 1e9;
  }
  return Number.POSITIVE_INFINITY;
}

/** Lines of a unit's own in the journal since a time of CLOCK_MONOTONIC; those of systemd about it are left out. */
export function journalSince(unit: string, sinceNs: number): string[] {
  command('journalctl', '--sync');
  const text = command('journalctl', '-u', unit, '-o', 'json', '--no-pager').text;
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const entry = JSON.parse(line) as Record<string, unknown>;
    const own = entry['_SYSTEMD_UNIT'] === unit && Number(entry['__MONOTONIC_TIMESTAMP']) * 1000 >= sinceNs;
    return own ? [String(entry['MESSAGE'])] : [];
  });
}

export function nowNs(): number {
  return Number(process.hrtime.bigint());
}
