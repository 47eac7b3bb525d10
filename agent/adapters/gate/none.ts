import type { Gate } from '../../ports/gate.ts';

/** A gate without a line, for a desk: it only remembers its state. */
export class NoGate implements Gate {
  #state: 'active' | 'inactive' = 'inactive';

  get state(): 'active' | 'inactive' {
    return this.#state;
  }

  async start(): Promise<void> {
    this.#state = 'inactive';
  }

  set(state: 'active' | 'inactive'): void {
    this.#state = state;
  }

  async stop(): Promise<void> {
    this.#state = 'inactive';
  }
}
