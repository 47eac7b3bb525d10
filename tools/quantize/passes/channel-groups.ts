import { type Graph, isWeighted, type Node } from '../ir/graph.ts';

/**
 * Sets of values whose channels can be given another unit together without changing what the network computes: what lies
 * between the layers that make them and the layers that read them keeps a positive factor a channel as it is.
 * A value that is read or made by anything else (the picture, Softmax, a Concat, a dense layer's own output) is in none.
 */
export function channelGroups(graph: Graph): ReadonlySet<string>[] {
  const groupOf = new Map<string, Set<string>>();
  for (const value of [graph.input, ...graph.nodes.map(({ output }) => output)]) groupOf.set(value, new Set([value]));
  for (const node of graph.nodes.filter(keepsFactors)) {
    const joined = new Set([node.output, ...node.inputs].flatMap((value) => [...(groupOf.get(value) ?? [])]));
    for (const value of joined) groupOf.set(value, joined);
  }
  const fixed = fixedValues(graph);
  return [...new Set(groupOf.values())].filter((group) => ![...group].some((value) => fixed.has(value)));
}

/** Relu and Relu6 are among them: Relu keeps any positive factor, for Relu6 see `equaliseChannels`. */
function keepsFactors({ op }: Node): boolean {
  return KEEPS_FACTORS.has(op);
}

const KEEPS_FACTORS: ReadonlySet<string> = new Set([
  'add',
  'average-pool',
  'max-pool',
  'resize-nearest',
  'reshape',
  'activation',
  'pad',
]);

function fixedValues(graph: Graph): Set<string> {
  const fixed = new Set([graph.input, graph.output]);
  for (const node of graph.nodes) {
    if (isWeighted(node)) {
      // A dense layer has one scale for all its outputs, so their units are not free.
      if (node.op === 'fully-connected') fixed.add(node.output);
    } else if (!keepsFactors(node)) {
      for (const value of [node.output, ...node.inputs]) fixed.add(value);
    }
  }
  return fixed;
}
