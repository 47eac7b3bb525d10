import path from 'node:path';
import { setTimeout as moment } from 'node:timers/promises';
import { Cli, linegate } from '../support/cli.ts';
import type { Round } from './check.ts';

/** The station's state folder and the receiver's database. */
export interface Plant {
  readonly state: string;
  readonly db: string;
  /** Those that run, or ran. */
  readonly receivers: Cli[];
}

export function plantIn(round: Round): Plant {
  return { state: path.join(round.folder, 'state'), db: path.join(round.folder, 'received.sqlite'), receivers: [] };
}

/** A receiver in a process of its own. */
export function receiverOf(round: Round, { db, receivers }: Plant, url: string): Cli {
  const receiver = new Cli(round, ['receive', '--mqtt', url, '--db', db], { timeoutMs: 6 * 3_600_000 });
  receivers.push(receiver);
  return receiver;
}

/** A station on the virtual line, in a process of its own, with its records going to a broker. */
export function stationOf(round: Round, { state }: Plant, url: string, more: readonly string[] = []): Cli {
  const usual = ['simulate', '--json', '--state', state, '--keep', 'none', '--uplink', url, '--seed', `${round.seed}`];
  return new Cli(round, [...usual, ...more], { timeoutMs: 6 * 3_600_000 });
}

/** Runs a station to its end and returns what it printed. Throws when it fails. */
export async function runStation(
  round: Round,
  plant: Plant,
  url: string,
  more: readonly string[],
): Promise<Record<string, unknown>> {
  const ended = await stationOf(round, plant, url, more).ended;
  if (ended.exitCode !== 0) throw new Error(`the station ended with ${ended.exitCode}: ${ended.stderr.slice(-500)}`);
  return JSON.parse(ended.stdout) as Record<string, unknown>;
}

/** Runs a command that prints one JSON document, whatever its exit status. */
export async function documentOf(round: Round, args: readonly string[]): Promise<Record<string, unknown>> {
  const ended = await linegate(round, args, { timeoutMs: 1_800_000 });
  try {
    return JSON.parse(ended.stdout) as Record<string, unknown>;
  } catch {
    throw new Error(`linegate ${args.join(' ')} printed no document: ${ended.stderr.slice(-500)}`);
  }
}

/** Asks again until the answer is yes. */
export async function until(yes: () => boolean | Promise<boolean>, what: string, timeoutMs: number): Promise<void> {
  const giveUpMs = performance.now() + timeoutMs;
  while (!(await yes())) {
    if (performance.now() > giveUpMs) throw new Error(`${what} did not happen within ${timeoutMs / 1000} s`);
    await moment(100);
  }
}
