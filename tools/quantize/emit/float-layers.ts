import type { Graph, Node } from '../ir/graph.ts';
import { producerOf } from '../ir/graph.ts';
import { wireNode } from '../onnx/nodes.ts';
import { wireTensor } from '../onnx/tensors.ts';
import type { QuantPlan } from '../quantize/plan.ts';
import { writeFloatNode } from './float-onnx.ts';
import { exposedName, type FileParts, OUTPUT_NAME, scaleNames, tensorNames, writeScale } from './onnx-file.ts';

/**
 * onnxruntime rounds a float layer's weights itself where it finds the layer between DequantizeLinear and QuantizeLinear; a
 * maximum with this changes no number and keeps the two apart.
 */
const LEAST = Math.fround(-3.4e38);

/** The layers of a plan that stay float: between them real numbers pass on, and integers only where an integer layer reads. */
export class FloatLayers {
  readonly #graph: Graph;
  readonly #plan: QuantPlan;
  readonly #dequantised: (value: string) => string;

  /** `dequantised` names in the file what an integer layer made, as real numbers. */
  constructor(graph: Graph, plan: QuantPlan, dequantised: (value: string) => string) {
    this.#graph = graph;
    this.#plan = plan;
    this.#dequantised = dequantised;
  }

  has(node: Node | undefined): node is Node {
    return node !== undefined && this.#plan.float?.has(node.name) === true;
  }

  /** Writes a node in float and, where integer layers read it, what it makes as integers too. */
  write(parts: FileParts, node: Node): void {
    const { name, output } = node;
    writeFloatNode(parts, this.#graph, node, (value) => this.#realName(value));
    const readers = this.#graph.nodes.filter((one) => one.inputs.includes(output) && !this.has(one));
    const scale = this.#plan.activations.get(output);
    if (readers.length === 0 || scale === undefined) return;
    writeScale(parts, name, scale);
    const quantised = `${name}/quantised`;
    const [least, apart] = [`${name}/least`, `${name}/apart`];
    parts.tensors.push(wireTensor(least, [], Float32Array.of(LEAST)));
    parts.nodes.push(
      wireNode('Max', `${name}/keep_apart`, [this.#realName(output), least], apart),
      wireNode('QuantizeLinear', `${name}/quantize`, [apart, ...scaleNames(name)], quantised),
    );
    // Averages read the integers.
    if (readers.every(({ op }) => op === 'average-pool')) return;
    const stored = [quantised, ...scaleNames(name)];
    parts.nodes.push(wireNode('DequantizeLinear', `${name}/dequantize`, stored, this.#dequantised(output)));
  }

  /** Makes a float layer's value an output of the file; false where an integer layer makes the value. */
  expose(parts: FileParts, value: string): boolean {
    if (!this.has(producerOf(this.#graph, value))) return false;
    parts.nodes.push(wireNode('Identity', exposedName(value), [this.#realName(value)], exposedName(value)));
    return true;
  }

  #realName(value: string): string {
    if (value === this.#graph.output) return OUTPUT_NAME;
    return this.has(producerOf(this.#graph, value))
      ? `${tensorNames(this.#graph)(value)}/real`
      : this.#dequantised(value);
  }
}

/** Whether a layer that stays float reads what an integer layer makes. */
export function readByFloat(graph: Graph, { float }: QuantPlan, value: string): boolean {
  return graph.nodes.some(({ name, inputs }) => float?.has(name) === true && inputs.includes(value));
}
