import type { Tensor } from 'onnxruntime-node';
import { LinegateError } from '../../../agent/core/errors.ts';
import { floatOnnx } from '../emit/float-onnx.ts';
import { qdqOnnx } from '../emit/qdq-onnx.ts';
import { channelsOf, type Graph, producerOf, shapeOf } from '../ir/graph.ts';
import { makePlan, type Observed } from '../quantize/make-plan.ts';
import type { ActivationScale, QuantPlan } from '../quantize/plan.ts';
import { channelMeans, observeRanges, percentileRanges } from './observe.ts';
import { openSession } from './session.ts';
import { noiseRatios } from './sqnr.ts';

/** How ranges were taken from the calibration pictures. */
export type Observer = 'min-max' | 'percentile-99.99';

/** A plan with how well its logits follow the float model's on pictures that gave no ranges. */
export interface Candidate {
  readonly observer: Observer;
  readonly plan: QuantPlan;
  readonly logitSqnrDb: number;
}

/** One in so many calibration pictures is held out to choose among the observers. */
const HOLD_OUT_EVERY = 5;

/** The plans that the observers give, the best held-out one first. */
export async function choosePlan(
  graph: Graph,
  pictures: readonly Tensor[],
  input?: ActivationScale,
): Promise<readonly [Candidate, ...Candidate[]]> {
  const heldOut = pictures.filter((_, i) => i % HOLD_OUT_EVERY === 0);
  const used = pictures.length > HOLD_OUT_EVERY ? pictures.filter((_, i) => i % HOLD_OUT_EVERY !== 0) : pictures;
  const values = graph.nodes.map(({ output }) => output);
  const inputs = [graph.input, ...values];
  const watched = await openSession(floatOnnx(graph, inputs, input));
  const means = await channelMeans(watched, inputs, used, (value) => channelsOf(shapeOf(graph, value)));
  const widest = await observeRanges(watched, values, used);
  const narrow = await percentileRanges(watched, widest, used, 0.9999);
  const first = await candidate(graph, 'min-max', { ranges: widest, means }, heldOut, input);
  const second = await candidate(graph, 'percentile-99.99', { ranges: narrow, means }, heldOut, input);
  return first.logitSqnrDb >= second.logitSqnrDb ? [first, second] : [second, first];
}

async function candidate(
  graph: Graph,
  observer: Observer,
  observed: Observed,
  heldOut: readonly Tensor[],
  input: ActivationScale | undefined,
): Promise<Candidate> {
  const plan = makePlan(graph, observed, input);
  const logits = logitsOf(graph);
  const float = await openSession(floatOnnx(graph, [logits], input));
  const quantised = await openSession(qdqOnnx(graph, plan, [logits]));
  const ratios = await noiseRatios(float, quantised, [logits], heldOut);
  return { observer, plan, logitSqnrDb: ratios.get(logits) ?? 0 };
}

/** The value that goes into the final Softmax. */
export function logitsOf(graph: Graph): string {
  const logits = producerOf(graph, graph.output)?.inputs[0];
  if (logits === undefined) throw new LinegateError('illegal-input', 'The graph does not end with Softmax.');
  return logits;
}
