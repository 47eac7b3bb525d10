import type { Tensor } from 'onnxruntime-node';
import { LinegateError } from '../../../agent/core/errors.ts';
import type { Graph } from '../ir/graph.ts';
import type { Candidate } from './choose-plan.ts';
import { Judge, splitPictures } from './held-out.ts';
import type { Tuned } from './tune.ts';

/**
 * The tuned network with the layers that `names` names left in float, and what that gives on the held-out of `pictures`.
 * Throws LinegateError 'bad-argument' for a name that no layer has.
 */
export async function keepFloat(tuned: Tuned, names: readonly string[], pictures: readonly Tensor[]): Promise<Tuned> {
  if (names.length === 0) return tuned;
  const { graph, trials } = tuned;
  const float = floatNodes(graph, names);
  const judge = await Judge.open(graph, splitPictures(pictures).heldOut);
  const judged = async (one: Candidate): Promise<Candidate> => {
    const plan = { ...one.plan, float };
    return { ...one, plan, logitSqnrDb: await judge.sqnrDb(graph, plan) };
  };
  const [first, ...others] = tuned.candidates;
  const best = await judged(first);
  const step = `${names.join(', ')} in float`;
  return {
    graph,
    candidates: [best, ...others],
    trials: [...trials, { step, logitSqnrDb: best.logitSqnrDb, kept: true }],
  };
}

/** The named layers, and Softmax where it reads one of them: integers between the two would undo what was kept. */
function floatNodes(graph: Graph, names: readonly string[]): ReadonlySet<string> {
  const unknown = names.find((name) => !graph.nodes.some((node) => node.name === name));
  if (unknown !== undefined) {
    const known = graph.nodes.map(({ name }) => name).join(', ');
    throw new LinegateError('bad-argument', `The network has no layer "${unknown}" to keep in float; it has ${known}.`);
  }
  const kept = graph.nodes.filter(({ name }) => names.includes(name));
  const outputs = new Set(kept.map(({ output }) => output));
  const behind = graph.nodes.filter(({ op, inputs }) => op === 'softmax' && inputs.some((value) => outputs.has(value)));
  return new Set([...kept, ...behind].map(({ name }) => name));
}
