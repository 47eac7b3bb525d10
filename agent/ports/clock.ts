/** Time, so that a test or a simulation can own it. */
export interface Clock {
  /** Monotonic time in ns; the clock of the kernel's GPIO edges. Exact up to 104 days of uptime, then to 2 ns. */
  nowNs(): number;
  /** Wall-clock time in ms since 1970; may jump. */
  wallMs(): number;
  /** Calls `action` once, at `atNs` or as soon after it as can be; returns a function that cancels it. */
  at(atNs: number, action: () => void): () => void;
}
