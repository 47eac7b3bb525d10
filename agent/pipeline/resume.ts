import { LinegateError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';

/** How long somebody waits for the ledger before being told that the line goes on. */
const soonNs = 1e9;

/** Whether `work` is done within a second; false also when it fails. */
export function isDoneSoon(clock: Clock, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.at(clock.nowNs() + soonNs, () => resolve(false));
    const settle = (done: boolean) => (): void => {
      cancel();
      resolve(done);
    };
    work.then(settle(true), settle(false));
  });
}

/** What somebody at the line is told who resumed it. */
export function resumedSentence(what: {
  readonly beltEmpty: boolean;
  readonly openParts: number;
  readonly recorded: boolean;
}): string {
  const { beltEmpty, openParts, recorded } = what;
  const parts = openParts === 1 ? '1 part is' : `${openParts} parts are`;
  const belt = beltEmpty && openParts > 0 ? `, but ${parts} still under way: the belt was not taken for empty` : '';
  const ledger = recorded ? '' : ' It is not recorded yet: the ledger does not answer.';
  return `The line is resumed${belt}.${ledger}`;
}

/** There is no line that could go on. */
export function noLineToResume(): LinegateError {
  return new LinegateError(
    'device',
    'The line cannot be resumed now: it does not run, or there is no connection to the gatekeeper; "linegate status" says why.',
  );
}
