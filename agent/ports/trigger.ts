/** Something that says "a part is at the camera now". */
export interface TriggerSource {
  /** Calls `fire` with monotonic ns for each part. Rejects with a LinegateError. */
  start(fire: (atNs: number) => void): Promise<void>;
  stop(): Promise<void>;
}
