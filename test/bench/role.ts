import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { LinegateError } from '../../agent/core/errors.ts';
import { nodeEnvironment } from '../support/node-flags.ts';
import type { Answers, Question } from './messages.ts';

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A process that is measured, alone in its memory; it does nothing until it is asked. */
export class Role {
  readonly #name: string;
  readonly #child: ChildProcess;
  #waiting: Waiting | undefined;
  #stderr = '';

  private constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-2000);
    });
    // A process that has gone is told by 'exit'.
    child.stdin?.on('error', () => undefined);
    child.on('error', (error) => this.#fail(error.message));
    child.on('exit', (status) => this.#fail(`it ended with status ${status}`));
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#answered(line));
  }

  /** Starts it; resolves when it has said, with a first line, that it is ready. Rejects with a LinegateError 'device'. */
  static async start(name: string, program: string, args: readonly string[]): Promise<Role> {
    const env = { ...process.env, ...nodeEnvironment(), ORT_DISABLE_TELEMETRY: '1' };
    const role = new Role(name, spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env }));
    await role.#next(60_000);
    return role;
  }

  /** Rejects with a LinegateError when it does not answer within `timeoutMs`. */
  async ask<Q extends Question>(question: Q, timeoutMs = 120_000): Promise<Answers[Q['kind']]> {
    const answer = this.#next(timeoutMs);
    this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    return (await answer) as Answers[Q['kind']];
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.stdin?.end();
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(kill);
  }

  #next(timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(`it gave no answer within ${timeoutMs} ms`), timeoutMs);
      const settled = (): void => {
        clearTimeout(timer);
        this.#waiting = undefined;
      };
      this.#waiting = {
        resolve: (answer) => {
          settled();
          resolve(answer);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
    });
  }

  #answered(line: string): void {
    try {
      this.#waiting?.resolve(JSON.parse(line));
    } catch {
      this.#fail(`it answered "${line.slice(0, 200)}", which is no JSON`);
    }
  }

  #fail(why: string): void {
    this.#waiting?.reject(new LinegateError('device', `The ${this.#name} cannot be measured: ${why}. ${this.#stderr}`));
  }
}
