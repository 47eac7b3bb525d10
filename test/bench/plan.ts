/** How much is measured. */
export interface Plan {
  /** Blocks of each process, one after the other. */
  readonly blocks: number;
  readonly triggersPerBlock: number;
  /** Parts of a block without a pause. */
  readonly flatOutParts: number;
  readonly flatOutBlocks: number;
  readonly preprocessRuns: number;
  /** Parts in the ledger before the first and the second look at the memory. */
  readonly memoryParts: readonly [number, number];
  readonly starts: number;
  readonly diskSeconds: number;
  /** Triggers a second in the comparison of verdict times. */
  readonly perSecond: number;
  /** One in so many parts is a reject. */
  readonly rejectEvery: number;
}

const always = { perSecond: 40, rejectEvery: 10 } as const;

export const WHOLE: Plan = {
  blocks: 15,
  triggersPerBlock: 80,
  flatOutParts: 600,
  flatOutBlocks: 5,
  preprocessRuns: 500,
  memoryParts: [1000, 100_000],
  starts: 5,
  diskSeconds: 30,
  ...always,
};

/** To see that it works: its figures are noisier, and its memory check has fewer parts. */
export const QUICK: Plan = {
  blocks: 4,
  triggersPerBlock: 40,
  flatOutParts: 200,
  flatOutBlocks: 2,
  preprocessRuns: 100,
  memoryParts: [1000, 10_000],
  starts: 2,
  diskSeconds: 5,
  ...always,
};
