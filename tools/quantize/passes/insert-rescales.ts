import { type ActivationNode, type GivenScales, type Graph, type Node, type Shape, shapeOf } from '../ir/graph.ts';
import { operatorOf } from '../ops/registry.ts';

interface Scale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/**
 * Pools, reshapes and concatenations cannot change a scale. Puts a change of scale in front of a part that is joined when its scale is
 * fixed by the operator that makes it (Sigmoid), and wherever a file that was quantised before gives input and output different scales.
 */
export function insertRescales(graph: Graph): Graph {
  const scales = new Map<string, Scale>(graph.given?.activations);
  const shapes = new Map(graph.shapes);
  /** Values in steps of 1/256, whatever a file says. */
  const units = new Set<string>();
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    const { outputScale } = operatorOf(node);
    if (outputScale === 'unit') setUnit(node.output, scales, units);
    if (outputScale !== 'as-input') return [node];
    const made = node.op === 'concat' ? joined(node, scales, units) : followed(node, scales, units);
    for (const one of made) shapes.set(one.output, shapeAfter(one, node, shapes));
    return made;
  });
  if (nodes.length === graph.nodes.length && graph.given === undefined) return graph;
  const given: GivenScales | undefined = graph.given && { ...graph.given, activations: scales };
  return { ...graph, nodes, shapes, ...(given && { given }) };
}

function setUnit(value: string, scales: Map<string, Scale>, units: Set<string>): void {
  scales.delete(value);
  units.add(value);
}

/** A change of scale keeps the shape; the node itself has its own, under whatever name. */
function shapeAfter(made: Node, node: Node, shapes: ReadonlyMap<string, Shape>): Shape {
  return shapeOf({ shapes }, made.op === 'activation' ? (made.inputs[0] ?? '') : node.output);
}

function joined(node: Node, scales: Map<string, Scale>, units: ReadonlySet<string>): Node[] {
  const wanted = scales.get(node.output) ?? node.inputs.map((value) => scales.get(value)).find((one) => one);
  if (wanted !== undefined) scales.set(node.output, wanted);
  const rescaled = node.inputs.map((value, i): ActivationNode | undefined => {
    const own = scales.get(value);
    const differs = own !== undefined && wanted !== undefined && !alike(own, wanted);
    if (!units.has(value) && !differs) return undefined;
    const output = `${node.output}/part_${i + 1}`;
    if (wanted !== undefined) scales.set(output, wanted);
    return { op: 'activation', name: `${node.name}/rescale_${i + 1}`, inputs: [value], output, activation: 'none' };
  });
  const inputs = node.inputs.map((value, i) => rescaled[i]?.output ?? value);
  return [...rescaled.filter((one) => one !== undefined), { ...node, inputs }];
}

function followed(node: Node, scales: Map<string, Scale>, units: Set<string>): Node[] {
  const [value = ''] = node.inputs;
  const own = scales.get(value);
  const wanted = scales.get(node.output);
  if (units.has(value)) setUnit(node.output, scales, units);
  if (own !== undefined && wanted === undefined) scales.set(node.output, own);
  if (own === undefined || wanted === undefined || alike(own, wanted)) return [node];
  const output = `${node.output}/same_scale`;
  scales.set(output, own);
  const common = { name: `${node.name}/rescale`, inputs: [output], output: node.output };
  return [
    { ...node, output },
    { ...common, op: 'activation', activation: 'none' },
  ];
}

function alike(a: Scale, b: Scale): boolean {
  return a.scale === b.scale && a.zeroPoint === b.zeroPoint;
}
