import { askResume } from '../agent/adapters/status/ask.ts';
import { LinegateError } from '../agent/core/errors.ts';
import type { ResumeOrder } from '../agent/ports/status.ts';

const answerWithinMs = 3000;

/** Lets the line of the station with this state folder go on, and prints what came of it. */
export async function resume(state: string, order: ResumeOrder): Promise<void> {
  const sentence = await askResume(state, order, answerWithinMs);
  if (sentence === null) {
    throw new LinegateError('device', `No station runs in ${state}: start it, or name its state folder with --state.`);
  }
  process.stdout.write(`${sentence}\n`);
}
