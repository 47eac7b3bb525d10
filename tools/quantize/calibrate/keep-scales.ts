import type { Tensor } from 'onnxruntime-node';
import type { Graph } from '../ir/graph.ts';
import { givenPlan } from '../quantize/given-plan.ts';
import type { ActivationScale } from '../quantize/plan.ts';
import type { Candidates } from './choose-plan.ts';
import { Judge, splitPictures } from './held-out.ts';
import { observed } from './observers.ts';
import { collectStatistics } from './statistics.ts';

/** The plan of a graph that comes with scales: nothing is tried; pictures are for what has none. */
export async function keepScales(graph: Graph, pictures: readonly Tensor[], input?: ActivationScale) {
  const { used, heldOut } = splitPictures(pictures);
  const statistics = await collectStatistics(graph, used, input);
  const plan = givenPlan(graph, observed('min-max', statistics).ranges, input);
  const judge = await Judge.open(graph, heldOut, { input });
  const logitSqnrDb = await judge.sqnrDb(graph, plan);
  const candidates: Candidates = [{ observer: 'as given', plan, logitSqnrDb }];
  return { graph, candidates, trials: [{ step: 'the scales of the file', logitSqnrDb, kept: true }] };
}
