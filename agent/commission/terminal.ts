/** The technician's terminal. */
export interface Terminal {
  /** Begins to tell keys, and once that the terminal or the user's wish to go on is gone. */
  start(onKeys: (chunk: string) => void, onGone: () => void): void;
  /** Lines that stay. */
  print(lines: readonly string[]): void;
  /** Lines that take the place of those shown before. */
  show(lines: readonly string[]): void;
  /** Leaves the terminal as it was found. May be called again. */
  stop(): void;
}
