import type { ReadStream, WriteStream } from 'node:tty';
import { LinegateError } from '../core/errors.ts';
import type { Terminal } from './terminal.ts';

const up = '\u001b[1A';
const clearLine = '\u001b[2K\r';

/** The terminal that this process was started in. */
export class ProcessTerminal implements Terminal {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  #shown = 0;
  #last = '';
  #stop: () => void = () => {};

  /** Throws a LinegateError 'bad-argument' when there is none: the gate moves only under somebody's hand. */
  constructor(input: ReadStream, output: WriteStream) {
    if (!input.isTTY || !output.isTTY) {
      const message = 'Commissioning needs a terminal with somebody at it: run it at the station or over ssh -t.';
      throw new LinegateError('bad-argument', message);
    }
    this.#input = input;
    this.#output = output;
  }

  start(onKeys: (chunk: string) => void, onGone: () => void): void {
    const input = this.#input;
    const onData = (bytes: Buffer): void => onKeys(bytes.toString('utf8'));
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    input.setRawMode(true);
    input.on('data', onData);
    for (const event of ['end', 'close', 'error']) input.on(event, onGone);
    for (const signal of signals) process.on(signal, onGone);
    this.#stop = () => {
      this.#stop = () => {};
      for (const signal of signals) process.off(signal, onGone);
      input.off('data', onData);
      if (!input.destroyed) input.setRawMode(false);
      input.pause();
    };
    input.resume();
  }

  print(lines: readonly string[]): void {
    this.#erase();
    this.#output.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** Long lines are broken here and not by the terminal, so that all can be taken back. */
  show(lines: readonly string[]): void {
    const width = Math.max(20, this.#output.columns || 80);
    const rows = lines.flatMap((line) => line.match(new RegExp(`.{1,${width - 1}}`, 'gu')) ?? ['']);
    const text = rows.map((row) => `${row}\r\n`).join('');
    if (text === this.#last) return;
    this.#erase();
    this.#output.write(text);
    this.#shown = rows.length;
    this.#last = text;
  }

  stop(): void {
    this.#stop();
  }

  #erase(): void {
    this.#output.write(`${up}${clearLine}`.repeat(this.#shown));
    this.#shown = 0;
    this.#last = '';
  }
}
