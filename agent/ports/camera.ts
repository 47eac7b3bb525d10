import type { Frame } from '../core/frame.ts';
import type { PartId } from '../core/part-record.ts';

/** The frame of a part, or why there is none. */
export type Capture =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'no-frame'; readonly reason: string };

/** A camera that finds the frame of a trigger. */
export interface Camera {
  /** Opens the device. Rejects with a LinegateError 'device', 'bad-config' or 'missing-package'. */
  start(): Promise<void>;
  /**
   * The frame whose sensor time is nearest the trigger, inside the camera's window. Never rejects; settles with
   * `no-frame` once `signal` aborts.
   */
  capture(part: PartId, triggerNs: number, signal: AbortSignal): Promise<Capture>;
  stop(): Promise<void>;
}
