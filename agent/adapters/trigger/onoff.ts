import { LinegateError, messageOf } from '../../core/errors.ts';
import { importOptional } from '../../core/optional-package.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TriggerSource } from '../../ports/trigger.ts';

/** What is used of an input pin of the package onoff. */
interface OnoffInput {
  watch(callback: (error: Error | null | undefined, value: 0 | 1) => void): void;
  unwatchAll(): void;
  unexport(): void;
}

/** What is used of the package onoff. */
export interface OnoffInputs {
  readonly Gpio: new (
    gpio: number,
    direction: 'in',
    edge: 'rising',
    options: { readonly activeLow: boolean },
  ) => OnoffInput;
}

export interface OnoffTriggerOptions {
  readonly clock: Clock;
  /** Number of the pin as sysfs counts it. */
  readonly gpio: number;
  /** A read of the pin that failed. */
  readonly onFault: (message: string) => void;
  /** Gives the package; a test has its own. */
  readonly load?: () => Promise<OnoffInputs>;
}

/**
 * A trigger at each rising edge of a pin, by way of sysfs: for kernels before 5.10 only. It has no timestamp of the kernel
 * (a part is as old as the event loop was busy) and merges edges of a burst.
 */
export class OnoffTrigger implements TriggerSource {
  readonly #options: OnoffTriggerOptions;
  #input: OnoffInput | undefined;

  constructor(options: OnoffTriggerOptions) {
    this.#options = options;
  }

  async start(fire: (atNs: number) => void): Promise<void> {
    const { clock, gpio, onFault, load = loadOnoff } = this.#options;
    const { Gpio } = await load();
    try {
      this.#input = new Gpio(gpio, 'in', 'rising', { activeLow: false });
      this.#input.watch((error) => {
        if (error) onFault(`Pin ${gpio} of the trigger cannot be read: ${messageOf(error)}.`);
        else fire(clock.nowNs());
      });
    } catch (cause) {
      throw new LinegateError(
        'device',
        `Pin ${gpio} of the trigger cannot be opened through sysfs (${messageOf(cause)}): onoff works on kernels before 5.10 only, where the pin's number may be offset by a base in /sys/class/gpio.`,
        { cause },
      );
    }
  }

  async stop(): Promise<void> {
    this.#input?.unwatchAll();
    this.#input?.unexport();
    this.#input = undefined;
  }
}

function loadOnoff(): Promise<OnoffInputs> {
  return importOptional('onoff', 'The trigger onoff', 'or use another trigger');
}
