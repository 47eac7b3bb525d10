import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A gatekeeper that was started, with what it wrote to its log. */
export interface KeeperProcess {
  readonly child: ChildProcess;
  log: string;
}

export function startKeeper(program: string, args: readonly string[]): KeeperProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'pipe'] });
  const keeper: KeeperProcess = { child, log: '' };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    keeper.log += text;
  });
  return keeper;
}

/** Its exit status, or the signal that ended it. */
export async function exitOf({ child }: KeeperProcess): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode ?? child.signalCode;
}

/** Waits until it is so; false after the limit. */
export async function until(isSo: () => boolean, limitMs = 3000): Promise<boolean> {
  for (const end = performance.now() + limitMs; performance.now() < end; await sleep(2)) {
    if (isSo()) return true;
  }
  return isSo();
}

export async function socketOf(path: string, limitMs = 3000): Promise<boolean> {
  return until(() => existsSync(path), limitMs);
}
