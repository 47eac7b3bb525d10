import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { endInTime } from '../../core/end-in-time.ts';
import { messageOf } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StreamCommand } from './stream-source.ts';

const MAX_SAID_CHARS = 8000;

export interface StreamChildListener {
  onBytes(bytes: Uint8Array): void;
  /** It is gone; called once, last, with what it said about it. */
  onEnd(detail: string): void;
}

/** One run of the program that sends the frames. */
export class StreamChild {
  readonly #child: ChildProcess;
  readonly #gone: Promise<string>;
  #said = '';
  #silenced = false;

  constructor(command: StreamCommand, listener: StreamChildListener) {
    const own = command.output === 1;
    this.#child = spawn(command.program, command.arguments, {
      stdio: own ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'ignore', 'pipe', 'pipe'],
      // A Ctrl-C in the terminal is for the agent. The program ends when nobody reads it, so it cannot be left behind.
      detached: true,
    });
    this.#gone = this.#watchEnd(command.program);
    void this.#gone.then((detail) => listener.onEnd(detail));
    const { stderr, stdio } = this.#child;
    const frames = stdio?.[command.output];
    // Where the system has no pipe or process left there are no streams, and 'error' tells why.
    if (!stderr || !(frames instanceof Readable)) return;
    stderr.setEncoding('utf8');
    stderr.on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-MAX_SAID_CHARS);
    });
    stderr.on('error', () => undefined);
    frames.on('data', (bytes: Buffer) => {
      if (!this.#silenced) listener.onBytes(bytes);
    });
    // A pipe that breaks ends with the program behind it, which is watched.
    frames.on('error', () => undefined);
  }

  /** Ends it at once; no more bytes are told. */
  kill(): void {
    this.#silenced = true;
    this.#child.kill('SIGKILL');
  }

  /** Asks it to end, kills it if it has not after a second, and gives it another second to be gone. */
  stop(clock: Clock): Promise<void> {
    this.#silenced = true;
    return endInTime(clock, { ask: () => this.#child.kill('SIGTERM'), force: () => this.kill(), gone: this.#gone });
  }

  #watchEnd(program: string): Promise<string> {
    return new Promise((resolve) => {
      this.#child.on('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'ENOENT' ? `the program ${program} is not installed` : messageOf(error)),
      );
      this.#child.once('close', (exitCode, signal) => {
        const how = signal === null ? `it ended with status ${exitCode}` : `it was ended by ${signal}`;
        resolve(lastWords(this.#said) ?? how);
      });
    });
  }
}

/** The line that says what went wrong: the last that speaks of an error, else the last. */
function lastWords(said: string): string | undefined {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line = lines.findLast((each) => /error/i.test(each)) ?? lines.at(-1);
  return line?.slice(0, 500).replace(/\.$/, '');
}
