import { type Check, equals } from '../../../faults/check.ts';

/** A check of something that is so or is not. */
export function holds(id: string, isSo: boolean): Check {
  return equals(id, isSo ? 'yes' : 'no', 'yes');
}
