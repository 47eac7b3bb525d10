import type { Graph } from '../ir/graph.ts';
import { operatorOf } from '../ops/registry.ts';

/** Sets of values that must have one scale, because an operator between them cannot rescale; every value is in one. */
export function scaleGroups(graph: Graph): ReadonlySet<ReadonlySet<string>> {
  const groupOf = new Map<string, Set<string>>();
  for (const value of [graph.input, ...graph.nodes.map(({ output }) => output)]) groupOf.set(value, new Set([value]));
  for (const node of graph.nodes) {
    if (operatorOf(node).outputScale !== 'as-input') continue;
    const members = [node.output, ...node.inputs].flatMap((value) => [...(groupOf.get(value) ?? [])]);
    const joined = new Set(members);
    for (const value of joined) groupOf.set(value, joined);
  }
  return new Set(groupOf.values());
}
