import { LinegateError } from '../../../agent/core/errors.ts';
import { type Graph, producerOf } from '../ir/graph.ts';

/** The value that goes into the final Softmax. */
export function logitsOf(graph: Graph): string {
  const logits = producerOf(graph, graph.output)?.inputs[0];
  if (logits === undefined) throw new LinegateError('illegal-input', 'The graph does not end with Softmax.');
  return logits;
}
