/** A source of numbers in [0, 1), the same on every machine for the same seed. */
export type Random = () => number;

/**
 * sfc32 (small fast counter, 32 bit) seeded by one unsigned number and a stream number, so that independent parts of a
 * picture (pose, surface, defect, noise) do not shift one another when one of them draws more.
 */
export function randomOf(seed: number, stream: number): Random {
  const next = bitsOf(seed, stream);
  return () => next() / 4294967296;
}

/** The same generator as raw unsigned 32 bit words. */
export function bitsOf(seed: number, stream: number): () => number {
  let a = seed >>> 0;
  let b = Math.floor(seed / 4294967296) >>> 0;
  let c = Math.imul(stream + 1, 0x9e3779b9) >>> 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

/** A number drawn evenly from a range. */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

/** One of a list, each with the same chance. */
export function pick<T>(random: Random, first: T, ...rest: readonly T[]): T {
  const index = Math.floor(random() * (rest.length + 1));
  return index === 0 ? first : (rest[index - 1] ?? first);
}

/** Bell-shaped noise of mean 0 and standard deviation 1 from one 32 bit word: the sum of its four bytes. */
export function bellOf(word: number): number {
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  return (sum - 510) / 147.8;
}
