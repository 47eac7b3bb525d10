import type { Message } from './receiver.ts';

/** Messages and bytes that may wait; the broker is held back before more come. */
const MOST_MESSAGES = 256;
const MOST_BYTES = 8_388_608;

/** Messages that wait for the commit that is under way, so that the next one takes them together. */
export class Waiting {
  readonly #take: (messages: readonly Message[]) => void;
  #messages: Message[] = [];
  #bytes = 0;
  #goOn: (() => void)[] = [];
  #scheduled = false;

  constructor(take: (messages: readonly Message[]) => void) {
    this.#take = take;
  }

  /** `goOn` is called when another message may come: at once while there is room. */
  add(message: Message, goOn: () => void): void {
    this.#messages.push(message);
    this.#bytes += message.payload.length;
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    }
    if (this.#messages.length < MOST_MESSAGES && this.#bytes < MOST_BYTES) goOn();
    else this.#goOn.push(goOn);
  }

  /** Forgets what waits: whoever sent it sends it again. */
  clear(): void {
    this.#messages = [];
    this.#bytes = 0;
    this.#goOn = [];
  }

  #flush(): void {
    const messages = this.#messages;
    const goOn = this.#goOn;
    this.#scheduled = false;
    this.clear();
    if (messages.length > 0) this.#take(messages);
    for (const next of goOn) next();
  }
}
