import type { PartId } from '../part-record.ts';

/** What comparing photo-eye, gate and confirmation sensor brought to light. */
export type Finding =
  /** The sensor at the gate saw a part that no trigger had announced: it passed without an inspection. */
  | { readonly kind: 'unseen-part'; readonly atNs: number }
  /** A part was triggered and never came to the gate: a bounce that looked like a part, or one taken off the belt. */
  | { readonly kind: 'missing-part'; readonly part: PartId; readonly atNs: number };
