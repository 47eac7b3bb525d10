import { LinegateError } from '../core/errors.ts';

/** What a person said cannot be done: one sentence. */
export function refusal(message: string): LinegateError {
  return new LinegateError('bad-argument', message);
}
