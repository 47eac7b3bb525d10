import assert from 'node:assert/strict';
import { setTimeout as moment } from 'node:timers/promises';

/** Asks again and again, for 30 s at most, and resolves with the first answer that is not undefined. */
export async function eventually<T>(ask: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const giveUpMs = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    assert.ok(performance.now() < giveUpMs, `${what} did not happen within 30 s`);
    await moment(20);
  }
}
