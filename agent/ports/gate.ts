/** The reject actuator. Which level is active, and which is de-energised, is the adapter's business. */
export interface Gate {
  start(): Promise<void>;
  set(state: 'active' | 'inactive'): void;
  /** Leaves the gate de-energised. */
  stop(): Promise<void>;
}
