import type { Graph } from '../ir/graph.ts';
import type { OnnxGraph } from '../onnx/graph.ts';

type SeenGraph = Pick<OnnxGraph | Graph, 'nodes'>;
type SeenNode = SeenGraph['nodes'][number];

/** What one pass did to the graph; nodes as `name (operator)`. */
export interface PassRecord {
  readonly pass: string;
  readonly nodesBefore: number;
  readonly nodesAfter: number;
  readonly gone: readonly string[];
  readonly made: readonly string[];
  readonly changed: readonly string[];
}

const MOST_NAMED = 6;

/** Compares the graph before and after a pass, by the names of its nodes. */
export function recordOf(pass: string, before: SeenGraph, after: SeenGraph): PassRecord {
  const old = new Map(before.nodes.map((node): [string, SeenNode] => [node.name, node]));
  const now = new Set(after.nodes.map(({ name }) => name));
  const others = after.nodes.filter((node) => isOther(old.get(node.name), node));
  return {
    pass,
    nodesBefore: before.nodes.length,
    nodesAfter: after.nodes.length,
    gone: before.nodes.filter(({ name }) => !now.has(name)).map(shown),
    made: after.nodes.filter(({ name }) => !old.has(name)).map(shown),
    changed: others.map(shown),
  };
}

/** A node of the channels-last graph that a pass changes is another object; ONNX's nodes are made anew even where nothing changes. */
function isOther(old: SeenNode | undefined, node: SeenNode): boolean {
  if (old === undefined) return false;
  return 'op' in node && old !== node;
}

function shown(node: SeenNode): string {
  return `${node.name} (${'op' in node ? node.op : node.opType})`;
}

/** A line for each pass, for a person. */
export function explanation(passes: readonly PassRecord[]): string {
  const lines = passes.map((record) => {
    const { pass, nodesBefore, nodesAfter } = record;
    const count = nodesBefore === nodesAfter ? `${nodesAfter} nodes` : `${nodesBefore} to ${nodesAfter} nodes`;
    return `  ${pass}: ${count}; ${effectOf(record)}`;
  });
  return ['what each pass did:', ...lines].join('\n');
}

/** What a pass took out, added and changed, in words; "nothing to do" where it left all as it was. */
export function effectOf({ gone, made, changed }: PassRecord): string {
  const parts = [listed('gone', gone), listed('new', made), listed('changed', changed)].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing to do' : parts.join('; ');
}

function listed(word: string, nodes: readonly string[]): string {
  if (nodes.length === 0) return '';
  const more = nodes.length > MOST_NAMED ? ` and ${nodes.length - MOST_NAMED} more` : '';
  return `${word}: ${nodes.slice(0, MOST_NAMED).join(', ')}${more}`;
}
