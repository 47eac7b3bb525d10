import type { Tensor } from 'onnxruntime-node';
import type { Graph } from '../ir/graph.ts';
import { makePlan } from '../quantize/make-plan.ts';
import type { ActivationScale, QuantPlan } from '../quantize/plan.ts';
import { Judge, splitPictures } from './held-out.ts';
import { type ChannelFactors, OBSERVERS, type Observer, observed } from './observers.ts';
import { collectStatistics, type Statistics } from './statistics.ts';

export { logitsOf } from './logits.ts';
export type { Observer } from './observers.ts';

/** A plan with how well its logits follow the float model's on pictures that gave no ranges. */
export interface Candidate {
  readonly observer: Observer;
  readonly plan: QuantPlan;
  readonly logitSqnrDb: number;
}

export type Candidates = readonly [Candidate, ...Candidate[]];

/** The plans for `graph` as it is that the observers give, the best held-out one first. `tune` does more. */
export async function choosePlan(
  graph: Graph,
  pictures: readonly Tensor[],
  input?: ActivationScale,
): Promise<Candidates> {
  const { used, heldOut } = splitPictures(pictures);
  const statistics = await collectStatistics(graph, used, input);
  return compareObservers(OBSERVERS, { graph, statistics, judge: await Judge.open(graph, heldOut, input), input });
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
  const candidate = async (observer: Observer): Promise<Candidate> => {
    const plan = makePlan(graph, observed(observer, statistics, factors), input);
    return { observer, plan, logitSqnrDb: await judge.sqnrDb(graph, plan) };
  };
  const [first, ...others] = observers;
  let candidates: [Candidate, ...Candidate[]] = [await candidate(first)];
  for (const observer of others) {
    const one = await candidate(observer);
    const place = candidates.findIndex(({ logitSqnrDb }) => logitSqnrDb < one.logitSqnrDb);
    if (place === 0) candidates = [one, ...candidates];
    else candidates.splice(place < 0 ? candidates.length : place, 0, one);
  }
  return candidates;
}
