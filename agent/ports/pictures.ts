import type { Frame } from '../core/frame.ts';
import type { PartId } from '../core/part-record.ts';

/** A bounded store of the parts' pictures. */
export interface Pictures {
  start(): Promise<void>;
  /**
   * Keeps the picture under `name` (a relative path such as `reject/12.png`, or undefined for `not kept`) without making
   * anybody wait; returns false when the queue is full or the disk refuses, which is counted, not thrown.
   */
  keep(name: string, part: PartId, frame: Frame): Promise<boolean>;
  stop(): Promise<void>;
}
