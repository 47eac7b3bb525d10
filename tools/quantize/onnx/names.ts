import { LinegateError } from '../../../agent/core/errors.ts';

const LONGEST_NAME = 300;

/**
 * A name of the file as it may be shown to a person: no control characters, not endless.
 * Throws LinegateError 'bad-model' for others; no exporter writes such.
 */
export function checkedName(name: string): string {
  if (name.length <= LONGEST_NAME && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{FFFD}]/u.test(name)) return name;
  throw new LinegateError(
    'bad-model',
    `The model holds a name of ${name.length} characters that cannot be shown; the file is damaged, export it again.`,
  );
}
