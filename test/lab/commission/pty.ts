import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A command in a terminal of its own (script(1) of util-linux), with what it showed. */
export class Pty {
  text = '';
  readonly #child: ChildProcessWithoutNullStreams;
  #from = 0;

  constructor(command: string, env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn('script', ['-qfec', command, '/dev/null'], { env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.text += text;
      });
    }
    this.#child.stdin.on('error', () => {});
  }

  /** Keys, as a person's hand sends them. */
  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits until it shows what matches, after what was waited for last. Throws when it does not. */
  async shows(pattern: RegExp, limitMs = 20_000): Promise<void> {
    for (const end = performance.now() + limitMs; performance.now() < end; await sleep(10)) {
      const found = pattern.exec(this.text.slice(this.#from));
      if (found !== null) {
        this.#from += found.index + found[0].length;
        return;
      }
    }
    throw new Error(`It did not show ${pattern}; it showed: ${this.text.slice(-900)}`);
  }

  /** Its exit status; undefined when it does not end. */
  async ended(): Promise<number | null | undefined> {
    if (this.#child.exitCode === null)
      await once(this.#child, 'exit', { signal: AbortSignal.timeout(10_000) }).catch(() => {});
    return this.#child.exitCode ?? undefined;
  }

  /** The terminal is gone, as when the connection breaks or its window is closed. */
  close(): void {
    this.#child.kill('SIGKILL');
  }
}
