import { LinegateError } from '../../../agent/core/errors.ts';
import { readModel, writeModel } from '../onnx/codec.ts';
import { wireNode } from '../onnx/nodes.ts';
import type { WireGraph, WireNode, WireTensor } from '../onnx/schema.ts';
import { constantOf, wireTensor } from '../onnx/tensors.ts';

/**
 * A quantised file of `qdqOnnx` without its quantisation: the same layers with the same sizes in float, so that what float costs
 * is known where only the bundle is. For timing alone: activations that the edges of integers did are gone, which cost float
 * next to nothing. Throws LinegateError 'bad-model'.
 */
export function floatTwin(file: Uint8Array): Uint8Array {
  const model = readModel(file);
  if (!model.graph) throw new LinegateError('bad-model', 'The file holds no graph; make the bundle again.');
  return writeModel({ ...model, graph: withoutQuantisation(model.graph) });
}

function withoutQuantisation(graph: WireGraph): WireGraph {
  const stored = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const outputs = new Set(graph.output.map(({ name }) => name));
  const isWeight = ({ opType, input }: WireNode) => opType === 'DequantizeLinear' && stored.has(input[0] ?? '');
  const tensors = graph.node.filter(isWeight).map((node) => dequantised(node, stored));
  /** By the name of a quantised value: the real one that it was made of. */
  const real = new Map<string, string>();
  const nodes = graph.node
    .filter((node) => !isWeight(node))
    .flatMap((node): WireNode[] => {
      const [[input = ''], [output = '']] = [node.input, node.output];
      const source = passedOn(node, real.get(input));
      if (source === undefined) return [{ ...node, input: node.input.map((name) => real.get(name) ?? name) }];
      real.set(output, source);
      return outputs.has(output) ? [wireNode('Identity', `${node.name}/real`, [source], output)] : [];
    });
  return { ...graph, node: nodes, initializer: [...graph.initializer, ...tensors] };
}

/** The real value that a node of the quantisation hands on; undefined for a layer. `source` is the one behind its input. */
function passedOn({ opType, input }: WireNode, source: string | undefined): string | undefined {
  if (opType === 'QuantizeLinear') return source ?? input[0];
  return opType === 'DequantizeLinear' || opType === 'Clip' ? source : undefined;
}

/** Stored integers as the real numbers that they stand for; scales lie along `axis`. */
function dequantised(node: WireNode, stored: ReadonlyMap<string, WireTensor>): WireTensor {
  const [integers, scales] = node.input.slice(0, 2).map((name) => constant(stored, name));
  const axis = Number(node.attribute.find(({ name }) => name === 'axis')?.i ?? 0);
  const shape = integers?.shape ?? [];
  const inner = shape.slice(axis + 1).reduce((product, side) => product * side, 1);
  const steps = scales?.data ?? [];
  const scaleOf = (i: number) => steps[steps.length === 1 ? 0 : Math.floor(i / inner) % (shape[axis] ?? 1)] ?? 1;
  const data = Float32Array.from(integers?.data ?? [], (number, i) => number * scaleOf(i));
  return wireTensor(node.output[0] ?? '', shape, data);
}

function constant(stored: ReadonlyMap<string, WireTensor>, name: string) {
  const tensor = stored.get(name);
  if (tensor === undefined)
    throw new LinegateError('bad-model', `The file stores no "${name}"; make the bundle again.`);
  return constantOf(tensor);
}
