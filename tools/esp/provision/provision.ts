import { z } from 'zod';
import { LinegateError } from '../../../agent/core/errors.ts';
import { linesOf } from '../serial/lines.ts';
import type { SerialLine } from '../serial/line.ts';
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

// What stands before an answer, among all else that a console shows.
const MARK = /^.*linegate (?=\{)/;
const HELLOS = 5;

const replySchema = z.discriminatedUnion('reply', [
  z.object({ reply: z.literal('hello'), firmware: z.string(), missing: z.array(z.string()) }),
  z.object({ reply: z.literal('set'), key: z.string(), ok: z.boolean(), error: z.string().optional() }),
  z.object({ reply: z.literal('save'), ok: z.boolean(), error: z.string().optional() }),
  z.object({ reply: z.literal('error'), error: z.string() }),
]);
type Reply = z.infer<typeof replySchema>;
type Ask = (question: { op: 'hello' | 'set' | 'save'; key?: string; value?: string }) => Promise<Reply | undefined>;

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
  const end = new AbortController();
  const replies = new Replies(linesOf(line.stream, end.signal), answerMs);
  const ask: Ask = async (question) => {
    line.stream.write(`${JSON.stringify(question)}\n`);
    // An answer to an earlier question may come after its time.
    return await replies.next(({ reply }) => reply === question.op || reply === 'error');
  };
  try {
    await greet(ask, port);
    for (const { key, value } of settings) check(await ask({ op: 'set', key, value }), key, port);
    const state = await ask({ op: 'hello' });
    check(await ask({ op: 'save' }), 'save', port);
    if (state?.reply !== 'hello') throw silent(port);
    return { firmware: state.firmware, missing: state.missing, told: settings.length };
  } finally {
    end.abort();
  }
}

/** A board that is still starting hears nothing yet. */
async function greet(ask: Ask, port: string): Promise<void> {
  for (let i = 0; i < HELLOS; i++) {
    if ((await ask({ op: 'hello' }))?.reply === 'hello') return;
  }
  throw silent(port);
}

function check(reply: Reply | undefined, key: string, port: string): void {
  if (reply === undefined) throw silent(port);
  if ((reply.reply === 'set' && reply.key === key) || (reply.reply === 'save' && key === 'save')) {
    if (reply.ok) return;
    const why = REASONS[reply.error ?? ''] ?? `it says ${reply.error ?? 'nothing more'}`;
    const what = key === 'save' ? 'could not keep the settings' : `does not take ${key}`;
    throw new LinegateError('device', `The station at ${port} ${what}: ${why}.`);
  }
  throw new LinegateError('device', `The station at ${port} did not understand "${key}": reset the board and start again.`);
}

function silent(port: string): LinegateError {
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
        const reply = replyIn(read.value);
        if (reply !== undefined && isWanted(reply)) return reply;
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

function replyIn(line: string): Reply | undefined {
  if (!MARK.test(line)) return undefined;
  try {
    const read = replySchema.safeParse(JSON.parse(line.replace(MARK, '')));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
