import { type Graph, producerOf, shapeOf } from '../ir/graph.ts';

/** Ends the graph with Softmax when it ends with plain logits, so that every model gives scores that add up to one. */
export function appendSoftmax(graph: Graph): Graph {
  if (producerOf(graph, graph.output)?.op === 'softmax') return graph;
  const output = `${graph.output}/softmax`;
  return {
    ...graph,
    output,
    nodes: [...graph.nodes, { op: 'softmax', name: 'softmax_of_logits', inputs: [graph.output], output }],
    shapes: new Map(graph.shapes).set(output, shapeOf(graph, graph.output)),
  };
}
