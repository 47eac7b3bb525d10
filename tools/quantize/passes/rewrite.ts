import type { Graph, Node } from '../ir/graph.ts';

/** Applies `step` again and again, to the first node for which it has a new graph, until there is none. */
export function rewrite(graph: Graph, step: (graph: Graph, node: Node) => Graph | undefined): Graph {
  let current = graph;
  for (;;) {
    const next = firstChange(current, step);
    if (next === undefined) return current;
    current = next;
  }
}

function firstChange(graph: Graph, step: (graph: Graph, node: Node) => Graph | undefined): Graph | undefined {
  for (const node of graph.nodes) {
    const changed = step(graph, node);
    if (changed !== undefined) return changed;
  }
  return undefined;
}
