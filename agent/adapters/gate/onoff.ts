import { LinegateError, messageOf } from '../../core/errors.ts';
import { importOptional } from '../../core/optional-package.ts';
import type { Gate } from '../../ports/gate.ts';

/** What is used of an output pin of the package onoff. */
interface OnoffOutput {
  writeSync(value: 0 | 1): void;
}

/** What is used of the package onoff. */
export interface OnoffOutputs {
  readonly Gpio: new (
    gpio: number,
    direction: 'high' | 'low',
    edge: 'none',
    options: { readonly activeLow: boolean },
  ) => OnoffOutput;
}

export interface OnoffGateOptions {
  /** Number of the pin as sysfs counts it. */
  readonly gpio: number;
  /** Level at which the gate ejects; the other one is de-energised. */
  readonly activeLevel: 'high' | 'low';
  /** A write to the pin that failed. */
  readonly onFault: (message: string) => void;
  /** Gives the package; a test has its own. */
  readonly load?: () => Promise<OnoffOutputs>;
}

/** A gate on one pin, by way of sysfs: for kernels before 5.10 only. Nothing moves it back when the process dies. */
export class OnoffGate implements Gate {
  readonly #options: OnoffGateOptions;
  #output: OnoffOutput | undefined;

  constructor(options: OnoffGateOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { gpio, activeLevel, load = loadOnoff } = this.#options;
    const { Gpio } = await load();
    const inactive = activeLevel === 'high' ? 'low' : 'high';
    try {
      // The pin becomes an output at its de-energised level in one step; the kernel's own inversion stays off.
      this.#output = new Gpio(gpio, inactive, 'none', { activeLow: false });
      this.#output.writeSync(this.#level('inactive'));
    } catch (cause) {
      throw new LinegateError(
        'device',
        `Pin ${gpio} of the gate cannot be opened through sysfs (${messageOf(cause)}): onoff works on kernels before 5.10 only, where the pin's number may be offset by a base in /sys/class/gpio.`,
        { cause },
      );
    }
  }

  set(state: 'active' | 'inactive'): void {
    try {
      this.#output?.writeSync(this.#level(state));
    } catch (error) {
      this.#options.onFault(`Pin ${this.#options.gpio} of the gate cannot be set ${state}: ${messageOf(error)}.`);
    }
  }

  /** The pin stays a driven output: given back to the kernel it would float. */
  async stop(): Promise<void> {
    this.set('inactive');
    this.#output = undefined;
  }

  #level(state: 'active' | 'inactive'): 0 | 1 {
    return (state === 'active') === (this.#options.activeLevel === 'high') ? 1 : 0;
  }
}

function loadOnoff(): Promise<OnoffOutputs> {
  return importOptional('onoff', 'The gate onoff', 'or use another gate');
}
