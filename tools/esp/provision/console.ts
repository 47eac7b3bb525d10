import { z } from 'zod';
import { LinegateError } from '../../../agent/core/errors.ts';
import type { SerialLine } from '../serial/line.ts';
import { linesOf } from '../serial/lines.ts';
import { toldIn } from '../serial/told.ts';

const replySchema = z.discriminatedUnion('reply', [
  z.object({ reply: z.literal('hello'), firmware: z.string(), missing: z.array(z.string()) }),
  z.object({ reply: z.literal('set'), key: z.string(), ok: z.boolean(), error: z.string().optional() }),
  z.object({ reply: z.literal('save'), ok: z.boolean(), error: z.string().optional() }),
  z.object({ reply: z.literal('update'), ok: z.boolean(), error: z.string().optional() }),
  z.object({ reply: z.literal('error'), error: z.string() }),
]);
export type Reply = z.infer<typeof replySchema>;
export interface Question {
  readonly op: 'hello' | 'set' | 'save' | 'update';
  readonly key?: string;
  readonly value?: string;
}

const HELLOS = 5;

/** The station's side of its serial console: a question at a time, each wait bounded. */
export class StationConsole {
  readonly #line: SerialLine;
  readonly #end = new AbortController();
  readonly #replies: Replies;

  constructor(line: SerialLine, answerMs: number) {
    this.#line = line;
    this.#replies = new Replies(linesOf(line.stream, this.#end.signal), answerMs);
  }

  /** The answer, or undefined when none comes. */
  async ask(question: Question): Promise<Reply | undefined> {
    this.#line.stream.write(`${JSON.stringify(question)}\n`);
    // An answer to an earlier question may come after its time.
    return await this.#replies.next(({ reply }) => reply === question.op || reply === 'error');
  }

  /** Waits until the station answers at all: a board that is still starting hears nothing yet. Throws LinegateError 'device'. */
  async greet(port: string): Promise<void> {
    for (let i = 0; i < HELLOS; i++) {
      if ((await this.ask({ op: 'hello' }))?.reply === 'hello') return;
    }
    throw silent(port);
  }

  /** Listens no more; the line stays open. */
  end(): void {
    this.#end.abort();
  }
}

/** Nothing that understands us is at the port. */
export function silent(port: string): LinegateError {
  return new LinegateError(
    'device',
    `No station answers at ${port}: flash it with "linegate esp flash", give --baud 115200, or reset the board and start again.`,
  );
}

/** The answers among the lines of a console; each wait is bounded. */
class Replies {
  readonly #lines: AsyncGenerator<string>;
  readonly #answerMs: number;
  #reading: Promise<IteratorResult<string, unknown>> | undefined;

  constructor(lines: AsyncGenerator<string>, answerMs: number) {
    this.#lines = lines;
    this.#answerMs = answerMs;
  }

  async next(isWanted: (reply: Reply) => boolean): Promise<Reply | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, this.#answerMs, undefined);
    });
    try {
      while (true) {
        this.#reading ??= this.#lines.next();
        const read = await Promise.race([this.#reading, over]);
        if (read === undefined) return undefined;
        this.#reading = undefined;
        if (read.done === true) return undefined;
        const reply = toldIn(read.value, replySchema);
        if (reply !== undefined && isWanted(reply)) return reply;
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
