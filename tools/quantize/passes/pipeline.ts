import type { Graph, Pass } from '../ir/graph.ts';
import { lower, type PictureSize } from '../lower/lower.ts';
import { readModel } from '../onnx/codec.ts';
import { type OnnxGraph, onnxGraph } from '../onnx/graph.ts';
import { absorbPads } from './absorb-pads.ts';
import { affineToDepthwise } from './affine-to-depthwise.ts';
import { appendSoftmax } from './append-softmax.ts';
import { checkOperators } from './check-operators.ts';
import { checkStructure } from './check-structure.ts';
import { dropIdentity } from './drop-identity.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { foldConstants } from './fold-constants.ts';
import { fuseActivation } from './fuse-activation.ts';
import { fuseHardSwish } from './fuse-hard-swish.ts';
import { insertRescales } from './insert-rescales.ts';

/** On the ONNX graph, before its layout is solved. */
const onnxPasses: Readonly<Record<string, (graph: OnnxGraph) => OnnxGraph>> = {
  'check structure': checkStructure,
  'check operators': checkOperators,
  'drop identity': dropIdentity,
  'fold constants': foldConstants,
};

/** On the channels-last graph; in this order each finds what the one before it made possible. */
const graphPasses: Readonly<Record<string, Pass>> = {
  'fuse hard swish': fuseHardSwish,
  'fold batch norm': foldBatchNorm,
  'absorb pads': absorbPads,
  'affine to depthwise': affineToDepthwise,
  'fuse activation': fuseActivation,
  'append softmax': appendSoftmax,
  'insert rescales': insertRescales,
};

/** Told of each pass with the graphs before and after it. */
export type PassWatcher = (pass: string, before: OnnxGraph | Graph, after: OnnxGraph | Graph) => void;

/**
 * The network in the bytes of a float .onnx file, ready to be quantised: only layers that have an integer form.
 * Throws LinegateError 'bad-model' with the node's name when it cannot be.
 */
export function compile(bytes: Uint8Array, size: PictureSize, onPass: PassWatcher = () => {}): Graph {
  const told = <Before extends OnnxGraph | Graph, After extends OnnxGraph | Graph>(
    name: string,
    pass: (graph: Before) => After,
    before: Before,
  ): After => {
    const after = pass(before);
    onPass(name, before, after);
    return after;
  };
  const run = <G extends OnnxGraph | Graph>(passes: Readonly<Record<string, (graph: G) => G>>, graph: G): G =>
    Object.entries(passes).reduce((current, [name, pass]) => told(name, pass, current), graph);
  const checked = run(onnxPasses, onnxGraph(readModel(bytes)));
  return run(
    graphPasses,
    told('lower', (graph) => lower(graph, size), checked),
  );
}
