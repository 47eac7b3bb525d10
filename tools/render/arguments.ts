import { parseArgs } from 'node:util';
import { LinegateError, messageOf } from '../../agent/core/errors.ts';
import type { ringDomains } from '../../agent/core/render/ring.ts';

export interface RenderArguments {
  /** Folder for a data set, or undefined when only a montage is asked for. */
  readonly out: string | undefined;
  readonly montage: string | undefined;
  readonly count: number;
  readonly seed: number;
  readonly domain: keyof typeof ringDomains;
  readonly sizePx: number;
  readonly balanced: boolean;
}

export const usage = `Draws pictures of machined rings, sorted by class.
  node tools/render/render.ts --out DIR --count N --seed S [--domain standard|shifted] [--size 160] [--balanced]
  node tools/render/render.ts --montage FILE.png [--seed S] [--domain ...] [--size 160]
--balanced draws every class equally often; without it 3 parts in 10 have a defect.`;

/**
 * The command line as values.
 * @throws LinegateError bad-argument
 */
export function parseRenderArguments(words: readonly string[]): RenderArguments {
  const values = parseWords(words);
  if (values.out === undefined && values.montage === undefined) {
    throw new LinegateError('bad-argument', 'Nothing to draw: give --out DIR with --count N, or --montage FILE.png.');
  }
  return {
    out: values.out,
    montage: values.montage,
    count: wholeNumber('--count', values.count ?? (values.out === undefined ? '1' : ''), 1, 1_000_000),
    seed: wholeNumber('--seed', values.seed ?? '1', 0, 1_000_000_000),
    domain: domainOf(values.domain ?? 'standard'),
    sizePx: wholeNumber('--size', values.size ?? '160', 16, 1024),
    balanced: values.balanced ?? false,
  };
}

function parseWords(words: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { out: text, montage: text, count: text, seed: text, domain: text, size: text } as const;
  try {
    return parseArgs({ args: [...words], options: { ...options, balanced: { type: 'boolean' } }, strict: true }).values;
  } catch (thrown) {
    const why = messageOf(thrown).replace(/\.$/, '');
    throw new LinegateError('bad-argument', `The arguments cannot be read (${why}): see --help.`, { cause: thrown });
  }
}

function wholeNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= low && value <= high) return value;
  throw new LinegateError('bad-argument', `${name} must be a whole number from ${low} to ${high}, not "${text}".`);
}

function domainOf(name: string): keyof typeof ringDomains {
  if (name === 'standard' || name === 'shifted') return name;
  throw new LinegateError('bad-argument', `--domain must be standard or shifted, not "${name}".`);
}
