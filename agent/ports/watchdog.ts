/** Whoever started the station: it is told how the station is, and starts it again when it hangs. */
export interface Watchdog {
  /** From now on it hears that the event loop turns. */
  start(): void;
  /** The station runs. `text` is for people. */
  ready(text: string): void;
  /** The station has begun to stop. */
  stopping(): void;
  /** The last word; settles within a second. */
  stop(): Promise<void>;
}
