import { createInterface } from 'node:readline';
import type { Answers, Question } from './messages.ts';

/** What a measured process answers. */
export type Handlers = {
  readonly [K in Question['kind']]?: (question: Extract<Question, { kind: K }>) => Promise<Answers[K]>;
};

/** Answers one question after the other until the input ends. */
export async function serve(handlers: Handlers): Promise<void> {
  process.stdout.write('{"ready":true}\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await handle(handlers, JSON.parse(line) as Question);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

function handle(handlers: Handlers, question: Question): Promise<unknown> {
  const none = (): Promise<never> => Promise.reject(new Error(`This process does not answer "${question.kind}".`));
  switch (question.kind) {
    case 'paced':
      return handlers.paced?.(question) ?? none();
    case 'flat-out':
      return handlers['flat-out']?.(question) ?? none();
    case 'resources':
      return handlers.resources?.(question) ?? none();
  }
}

/** The monotonic clock, ns. */
export function nowNs(): number {
  return Number(process.hrtime.bigint());
}

/** Calls `act` `count` times at an even rate, however long each call takes. */
export async function paced(
  count: number,
  perSecond: number,
  act: (turn: number) => void | Promise<void>,
): Promise<void> {
  const startNs = nowNs();
  for (let turn = 0; turn < count; turn += 1) {
    const waitMs = (startNs + (turn * 1e9) / perSecond - nowNs()) / 1e6;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await act(turn);
  }
}
