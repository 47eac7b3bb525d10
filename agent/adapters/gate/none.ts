import type { Gate } from '../../ports/gate.ts';

/** A gate without a line, for a desk: it only remembers its state. */
export class NoGate implements Gate {
  #started = false;
  #state: 'active' | 'inactive' = 'inactive';

  get state(): 'active' | 'inactive' {
    return this.#state;
  }

  async start(): Promise<void> {
    this.#started = true;
  }

  set(state: 'active' | 'inactive'): void {
    if (this.#started) this.#state = state;
  }

  async stop(): Promise<void> {
    this.#started = false;
    this.#state = 'inactive';
  }
}
