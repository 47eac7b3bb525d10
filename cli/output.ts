import { exitCodeOf, messageOf } from '../agent/core/errors.ts';

const deviceFault = 3;

/** Says why the program ends, and ends it with the status that tells whose fault it is, once all is closed. */
export function tellFailure(error: unknown): void {
  process.stderr.write(`linegate: ${messageOf(error)}\n`);
  if (process.env['LINEGATE_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = exitCodeOf(error);
}

/** Keeps a command going, or ends it in order, when nobody can read any more what it prints. */
export function outliveReaders(): void {
  // Progress and complaints are lost then, no more: a line that runs does not depend on them.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Its reader has all that it wanted, as `head` does.
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`linegate: Standard output cannot be written (${messageOf(error)}): give it another place.\n`);
    process.exit(deviceFault);
  });
}
