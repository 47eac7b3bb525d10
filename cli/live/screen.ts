import type { WriteStream } from 'node:tty';

/** Redraws a block of lines in place on a terminal. */
export class Screen {
  readonly #out: WriteStream;
  #lines = 0;

  constructor(out: WriteStream) {
    this.#out = out;
  }

  get columns(): number {
    return this.#out.columns ?? 80;
  }

  show(lines: readonly string[]): void {
    const up = this.#lines > 0 ? `\u001b[${this.#lines}A` : '\u001b[?25l';
    this.#out.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}`);
    this.#lines = lines.length;
  }

  /** Gives the cursor back. */
  close(): void {
    if (this.#lines > 0) this.#out.write('\u001b[?25h');
    this.#lines = 0;
  }
}
