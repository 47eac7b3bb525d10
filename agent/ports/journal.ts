import type { PartId } from '../core/part-record.ts';

/** A part that was triggered and not acknowledged when the process before this one ended. */
export interface OpenPart {
  readonly part: PartId;
  readonly atNs: number;
}

/**
 * What keeps the triggers of a line that runs inside the agent's process over the death of that process (not over a
 * power cut: the ledger's part number reserve is for that). A gatekeeper brings its own.
 */
export interface Journal {
  /** Reads what the process before left. `lastPart` is 0 when there is nothing, also after a reboot. */
  open(): { readonly lastPart: PartId; readonly open: readonly OpenPart[] };
  /** Written before anybody hears of the trigger. */
  triggered(part: PartId, atNs: number): void;
  acknowledged(part: PartId): void;
  close(): void;
}
