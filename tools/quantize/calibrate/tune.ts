import type { Tensor } from 'onnxruntime-node';
import type { Graph } from '../ir/graph.ts';
import { overlapped } from '../overlapped.ts';
import { equaliseChannels } from '../passes/equalise-channels.ts';
import { meanToConvolution } from '../passes/mean-to-convolution.ts';
import type { ActivationScale } from '../quantize/plan.ts';
import { bestFirst, type Candidate, type Candidates, compareObservers, worthDb } from './choose-plan.ts';
import type { Engine } from './engine.ts';
import { Judge, splitPictures } from './held-out.ts';
import { keepScales } from './keep-scales.ts';
import { type ChannelFactors, OBSERVERS, type Observer, observed } from './observers.ts';
import { affordableRows, FEWEST_ROWS, roundAdaptively } from './round-adaptively.ts';
import { collectStatistics, type Statistics } from './statistics.ts';

/** A quarter of a bit: a mean as a convolution adds weights, a few hundredths of a small file. */
const MEAN_PRICE_DB = 1.5;

export interface TuneOptions {
  /** The only observer; all of them by default. */
  readonly observer?: Observer | undefined;
  /** Whether weights are rounded by what their layer reads; 'auto', the default, where it helps and takes about a second at most. */
  readonly rounding?: 'nearest' | 'adaptive' | 'auto' | undefined;
  /** The scale of the uint8 picture; pixels / 255 by default. */
  readonly input?: ActivationScale | undefined;
  /** Runs the candidates; this thread by default. */
  readonly engine?: Engine | undefined;
}

/** Something that was tried, with the held-out noise ratio of the logits that it gave. */
export interface Trial {
  readonly step: string;
  readonly logitSqnrDb: number;
  readonly kept: boolean;
}

/** A graph that computes what the given one does, with its best plan first. */
export interface Tuned {
  readonly graph: Graph;
  readonly candidates: Candidates;
  readonly trials: readonly Trial[];
}

/**
 * Finds the integers that follow the float network best on held-out calibration pictures: by the observers, and by rewritings of
 * the graph that keep what it computes. The same pictures in any order give the same.
 */
export async function tune(graph: Graph, pictures: readonly Tensor[], options: TuneOptions = {}): Promise<Tuned> {
  const { observer, input, engine, rounding = 'auto' } = options;
  if (graph.given !== undefined) return keepScales(graph, pictures, input);
  const { used, heldOut } = splitPictures(pictures);
  // With the mean of each row of every mean the graph has all values of all rewritings.
  const statistics = await collectStatistics(meanToConvolution(graph, 0), used, input);
  const judge = await Judge.open(graph, heldOut, { input, engine });
  const observers = observer === undefined ? OBSERVERS : ([observer] as const);
  const found = await overlapped(rewritings(graph, statistics), async (rewriting): Promise<Found> => {
    const candidates = await compareObservers(observers, { ...rewriting, statistics, judge, input });
    return { ...rewriting, candidates };
  });
  const nearest = bestOf(found);
  const rows = rowsFor(rounding, nearest.graph);
  const rounded = rows && (await withRounding(nearest, rows, { statistics, judge, pictures: used, input }));
  const best = rounded && (rounding === 'adaptive' || worth(rounded) > worth(nearest)) ? rounded : nearest;
  const trials = [...found, ...(rounded ? [rounded] : [])].flatMap(({ step, candidates }) =>
    candidates.map((one) => ({
      step: `${step}, ${one.observer}`,
      logitSqnrDb: one.logitSqnrDb,
      kept: one === best.candidates[0],
    })),
  );
  return { graph: best.graph, candidates: best.candidates, trials };
}

function rowsFor(rounding: NonNullable<TuneOptions['rounding']>, graph: Graph): number | undefined {
  if (rounding === 'nearest') return undefined;
  return affordableRows(graph) ?? (rounding === 'adaptive' ? FEWEST_ROWS : undefined);
}

interface RoundingContext {
  readonly statistics: Statistics;
  readonly judge: Judge;
  readonly pictures: readonly Tensor[];
  readonly input: ActivationScale | undefined;
}

/** What was found, with the weights of all its plans rounded adaptively. */
async function withRounding(found: Found, rows: number, context: RoundingContext): Promise<Found> {
  const { graph, factors, candidates } = found;
  const { statistics, judge, pictures, input } = context;
  const { means } = observed('min-max', statistics, factors);
  const plans = candidates.map(({ plan }) => plan);
  const rounded = await roundAdaptively(plans, { graph, means, pictures, rows, input });
  const judged = await overlapped(rounded, async (plan, at): Promise<Candidate> => {
    const { observer } = candidates[at] ?? candidates[0];
    return { observer, plan, logitSqnrDb: await judge.sqnrDb(graph, plan) };
  });
  return { ...found, step: `${found.step}, weights rounded adaptively`, candidates: bestFirst(judged) };
}

/** A graph that computes what the given one does; it holds its values times `factors`. */
interface Rewriting {
  readonly step: string;
  readonly graph: Graph;
  readonly factors?: ChannelFactors;
  /** In dB: a graph that is larger must be better by as much. */
  readonly priceDb: number;
}

type Found = Rewriting & { readonly candidates: Candidates };

function rewritings(graph: Graph, statistics: Statistics): Rewriting[] {
  const peaks = new Map([...statistics].map(([value, seen]) => [value, Float32Array.from(seen, ({ peak }) => peak)]));
  const weighed = meanToConvolution(graph);
  const graphs = [
    { step: 'as it is', graph, priceDb: 0 },
    ...(weighed === graph ? [] : [{ step: 'means as convolutions', graph: weighed, priceDb: MEAN_PRICE_DB }]),
  ];
  return graphs.flatMap((one) => {
    const equalised = equaliseChannels(one.graph, peaks);
    return equalised.graph === one.graph
      ? [one]
      : [one, { ...one, ...equalised, step: `${one.step === 'as it is' ? '' : `${one.step}, `}channels equalised` }];
  });
}

function worth({ candidates, priceDb }: Found): number {
  return worthDb(candidates[0]) - priceDb;
}

function bestOf(found: readonly Found[]): Found {
  return found.reduce((best, one) => (worth(one) > worth(best) ? one : best));
}
