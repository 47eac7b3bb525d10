/** What kind of fault it is; the command line maps it to an exit code. */
export type ErrorCode =
  | 'bad-config'
  | 'bad-recipe'
  | 'bad-image'
  | 'bad-model'
  | 'bad-argument'
  | 'bad-message'
  | 'illegal-input'
  | 'missing-package'
  | 'device'
  | 'ledger'
  | 'state-folder';

/** An error that a person can act on: its message is one plain sentence saying what, which value and what to do. */
export class LinegateError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LinegateError';
    this.code = code;
  }
}

/** Exit status of the command line for an error: 2 for what the user gave, 3 for what the machine lacks or does. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof LinegateError)) return 1;
  switch (error.code) {
    case 'bad-config':
    case 'bad-recipe':
    case 'bad-image':
    case 'bad-model':
    case 'bad-argument':
    case 'bad-message':
      return 2;
    case 'missing-package':
    case 'device':
    case 'ledger':
    case 'state-folder':
      return 3;
    case 'illegal-input':
      return 1;
  }
}

/** The message of anything thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
