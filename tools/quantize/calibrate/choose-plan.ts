import type { Tensor } from 'onnxruntime-node';
import type { Graph } from '../ir/graph.ts';
import { overlapped } from '../overlapped.ts';
import { makePlan } from '../quantize/make-plan.ts';
import type { ActivationScale, QuantPlan } from '../quantize/plan.ts';
import { Judge, splitPictures } from './held-out.ts';
import { type ChannelFactors, OBSERVERS, type Observer, observedBy } from './observers.ts';
import { collectStatistics, type Statistics } from './statistics.ts';

export { logitsOf } from './logits.ts';
export type { Observer } from './observers.ts';

/** Where a plan has its scales from; 'as given': from a file that was quantised before. */
export type ScaleSource = Observer | 'as given';

/** A plan with how well its logits follow the float model's on pictures that gave no ranges. */
export interface Candidate {
  readonly observer: ScaleSource;
  readonly plan: QuantPlan;
  readonly logitSqnrDb: number;
}

export type Candidates = readonly [Candidate, ...Candidate[]];

/** What a percentile cuts off is rare, and held-out pictures are few: they show too little of it. */
const CUT_PRICE_DB = 1;

/** What a candidate is compared by, dB. */
export function worthDb({ observer, logitSqnrDb }: Candidate): number {
  return logitSqnrDb - (observer === 'percentile-99.99' ? CUT_PRICE_DB : 0);
}

/** The plans for `graph` as it is that the observers give, the best held-out one first. `tune` does more. */
export async function choosePlan(
  graph: Graph,
  pictures: readonly Tensor[],
  input?: ActivationScale,
): Promise<Candidates> {
  const { used, heldOut } = splitPictures(pictures);
  const statistics = await collectStatistics(graph, used, input);
  return compareObservers(OBSERVERS, { graph, statistics, judge: await Judge.open(graph, heldOut, { input }), input });
}

/** What observers are compared on. */
export interface Comparison {
  readonly graph: Graph;
  readonly statistics: Statistics;
  /** By which `graph` holds its values other than `statistics` saw them. */
  readonly factors?: ChannelFactors;
  readonly judge: Judge;
  readonly input: ActivationScale | undefined;
}

/** The plans that `observers` give, the best first. */
export async function compareObservers(
  observers: readonly [Observer, ...Observer[]],
  { graph, statistics, factors, judge, input }: Comparison,
): Promise<Candidates> {
  const candidates = await overlapped(observedBy(observers, statistics, factors), async (seen, at) => {
    const plan = makePlan(graph, seen, input);
    return { observer: observers[at] ?? observers[0], plan, logitSqnrDb: await judge.sqnrDb(graph, plan) };
  });
  return bestFirst(candidates);
}

/** The candidates from the best to the worst; of equals that which came first. Throws RangeError when there are none. */
export function bestFirst(candidates: readonly Candidate[]): Candidates {
  const [first, ...others] = [...candidates].sort((a, b) => worthDb(b) - worthDb(a));
  if (first === undefined) throw new RangeError('There is no candidate.');
  return [first, ...others];
}
