import { LinegateError } from '../../../agent/core/errors.ts';
import type { SerialLine } from '../serial/line.ts';
import { type Reply, StationConsole, silent } from './console.ts';
import type { Setting } from './settings.ts';

export interface ProvisionOptions {
  readonly line: SerialLine;
  /** The name of the port, for messages. */
  readonly port: string;
  readonly settings: readonly Setting[];
  /** For each answer. */
  readonly answerMs: number;
}

export interface Provisioned {
  readonly firmware: string;
  /** What the station still misses; empty when it can start. */
  readonly missing: readonly string[];
  readonly told: number;
}

const REASONS: Readonly<Record<string, string>> = {
  'not-found': 'this firmware does not know it: flash the firmware of this version',
  'no-space': 'it is too long',
  'illegal-input': 'it is no value that it can have',
};

/**
 * Tells a station its settings over its console, and has it keep them; it starts anew afterwards. Nothing is kept before all
 * were taken. No message of any error holds a value. Throws LinegateError 'device'.
 */
export async function provision({ line, port, settings, answerMs }: ProvisionOptions): Promise<Provisioned> {
  const console = new StationConsole(line, answerMs);
  try {
    await console.greet(port);
    for (const { key, value } of settings) check(await console.ask({ op: 'set', key, value }), key, port);
    const state = await console.ask({ op: 'hello' });
    if (state?.reply !== 'hello') throw silent(port);
    check(await console.ask({ op: 'save' }), 'save', port);
    return { firmware: state.firmware, missing: state.missing, told: settings.length };
  } finally {
    console.end();
  }
}

function check(reply: Reply | undefined, key: string, port: string): void {
  if (reply === undefined) throw silent(port);
  if ((reply.reply === 'set' && reply.key === key) || (reply.reply === 'save' && key === 'save')) {
    if (reply.ok) return;
    const why = REASONS[reply.error ?? ''] ?? `it says ${reply.error ?? 'nothing more'}`;
    const what = key === 'save' ? 'could not keep the settings' : `does not take ${key}`;
    throw new LinegateError('device', `The station at ${port} ${what}: ${why}.`);
  }
  throw new LinegateError(
    'device',
    `The station at ${port} did not understand "${key}": reset the board and start again.`,
  );
}
