import type { Frame } from '../core/frame.ts';

/** A bounded store of the parts' pictures. */
export interface Pictures {
  start(): Promise<void>;
  /**
   * Keeps the picture of a part under `name`, a relative path such as `reject/12.png`. Settles when it is on the disk;
   * with false when the queue was full or the disk refused. Never rejects.
   */
  keep(name: string, frame: Frame): Promise<boolean>;
  /**
   * Gives pictures up until they held at least `sizeBytes`, the least wanted and oldest first, those of rejects last.
   * Resolves with how many bytes they held: fewer when no more are left. Never rejects.
   */
  drop(sizeBytes: number): Promise<number>;
  stop(): Promise<void>;
}
