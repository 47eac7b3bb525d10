import { spawn } from 'node:child_process';
import path from 'node:path';
import { Duplex } from 'node:stream';
import type { Cleanup } from '../../support/cleanup.ts';
import { runProgram, tail } from '../programs.ts';

/** A pseudo-terminal: a program opens `port`, the test has the other end. */
export interface Pty {
  readonly port: string;
  readonly stream: Duplex;
  /** As when the cable is pulled. */
  unplug(): void;
}

/** Compiles the program that makes pseudo-terminals; gives its path. */
export async function buildPty(folder: string): Promise<string> {
  const program = path.join(folder, 'linegate-pty');
  const args = ['-O1', '-Wall', '-Wextra', '-Werror', path.join(import.meta.dirname, 'pty.c'), '-o', program];
  const { status, output } = await runProgram('clang-19', args, 60_000);
  if (status !== 0) throw new Error(`pty.c does not compile: ${tail(output)}`);
  return program;
}

/** Opens one; it is gone when the test ends. */
export async function openPty(t: Cleanup, program: string): Promise<Pty> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'pipe'] });
  const unplug = (): void => void child.kill('SIGKILL');
  t.after(unplug);
  const port = await new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => reject(new Error('the pseudo-terminal ended')));
    child.stderr.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
  });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  // What is written to a cable that was pulled is lost.
  stream.on('error', () => undefined);
  return { port, stream, unplug };
}
