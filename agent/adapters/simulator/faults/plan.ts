import { LinegateError } from '../../../core/errors.ts';
import { type Random, randomOf } from '../../../core/render/prng.ts';

/** What can go wrong at a line, and how likely it is for a part when nobody says otherwise. */
const usualRates = {
  'frame-lost': 0.002,
  'frame-late': 0.002,
  'frame-duplicated': 0.002,
  'frame-torn': 0.002,
  'classifier-slow': 0.002,
  'classifier-dead': 0.0005,
  'classifier-garbage': 0.002,
  'ledger-stall': 0.0002,
  'disk-full': 0.00005,
  'trigger-missed': 0.001,
  'trigger-double': 0.001,
  'parts-touching': 0.001,
  'confirmation-lost': 0.001,
  'clock-step': 0.0001,
  'agent-killed': 0.0001,
} as const;

export type FaultName = keyof typeof usualRates;

/** The chance of each fault, per part. */
export type FaultRates = Readonly<Partial<Record<FaultName, number>>>;

const faultNames = Object.keys(usualRates) as readonly FaultName[];

/**
 * Reads what was asked for: `none`, `all`, or names with commas between, each perhaps with its own rate, as in
 * `frame-lost,agent-killed:0.01`. Throws a LinegateError 'bad-argument'.
 */
export function parseFaults(text: string): FaultRates {
  if (text === 'none') return {};
  if (text === 'all') return usualRates;
  return Object.fromEntries(text.split(',').map(parseFault));
}

function parseFault(text: string): readonly [FaultName, number] {
  const [name = '', rate] = text.trim().split(':');
  if (!isFault(name)) {
    const known = ['all', 'none', ...faultNames].join(', ');
    throw new LinegateError('bad-argument', `There is no fault "${name}" to inject; choose from ${known}.`);
  }
  const chance = rate === undefined ? usualRates[name] : Number(rate);
  if (rate === '' || !(chance >= 0 && chance <= 1)) {
    throw new LinegateError('bad-argument', `The rate of ${name} is "${rate}"; give a share of parts from 0 to 1.`);
  }
  return [name, chance];
}

function isFault(name: string): name is FaultName {
  return Object.hasOwn(usualRates, name);
}

/** Draws for each fault from a stream of its own, so that one more fault does not move the others. */
export class FaultDice {
  readonly #rates: FaultRates;
  readonly #streams: ReadonlyMap<FaultName, Random>;

  constructor(seed: number, rates: FaultRates) {
    this.#rates = rates;
    this.#streams = new Map(faultNames.map((name, index) => [name, randomOf(seed, 1000 + index)]));
  }

  /** Whether it happens now. Ask once for each part. */
  hits(name: FaultName): boolean {
    const rate = this.#rates[name] ?? 0;
    return rate > 0 && this.stream(name)() < rate;
  }

  /** Chance for the fault's particulars, such as how long it lasts. */
  stream(name: FaultName): Random {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new LinegateError('illegal-input', `There is no fault ${name}.`);
    return stream;
  }
}
