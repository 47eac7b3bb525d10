import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A gatekeeper that was started, with what it wrote. */
export interface KeeperProcess {
  readonly child: ChildProcess;
  log: string;
  output: string;
}

export function startKeeper(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly stdio?: StdioOptions } = {},
): KeeperProcess {
  const { env = process.env, stdio = ['pipe', 'pipe', 'pipe'] } = options;
  const child = spawn(program, args, { env, stdio });
  const keeper: KeeperProcess = { child, log: '', output: '' };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    keeper.log += text;
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    keeper.output += text;
  });
  return keeper;
}

/** Its exit status, or the signal that ended it. */
export async function exitOf({ child }: KeeperProcess): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode ?? child.signalCode;
}
