import type { BenchFormat } from './frames.ts';

/** What the bench asks one of its processes; a line of JSON each way. */
export type Question =
  /** Triggers at an even rate; one in `rejectEvery` is a reject, none when it is 0. */
  | {
      readonly kind: 'paced';
      readonly count: number;
      readonly perSecond: number;
      readonly format: BenchFormat;
      readonly rejectEvery: number;
    }
  /** Part after part without a pause. */
  | { readonly kind: 'flat-out'; readonly parts: number }
  | { readonly kind: 'resources' };

export interface Paced {
  /** From the frame in memory, or the tensor for the bare loop, to the verdict. */
  readonly verdictNs: readonly number[];
  /** From the row's append until it is durable. */
  readonly durableNs: { readonly pass: readonly number[]; readonly reject: readonly number[] };
  /** Triggers that got no verdict. */
  readonly missing: number;
}

export interface FlatOut {
  readonly partsPerSecond: number;
}

export interface Resources {
  readonly rssBytes: number;
  /** That of the process it started to run the model. */
  readonly childRssBytes: number;
  readonly writtenBytes: number;
}

/** The answer to each question. */
export interface Answers {
  readonly paced: Paced;
  readonly 'flat-out': FlatOut;
  readonly resources: Resources;
}
