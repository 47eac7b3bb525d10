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

/** On the ONNX graph, before its layout is solved. */
const onnxPasses: readonly ((graph: OnnxGraph) => OnnxGraph)[] = [
  checkStructure,
  checkOperators,
  dropIdentity,
  foldConstants,
];

/** On the channels-last graph; in this order each finds what the one before it made possible. */
const graphPasses: readonly Pass[] = [foldBatchNorm, absorbPads, affineToDepthwise, fuseActivation, appendSoftmax];

/**
 * The network in the bytes of a float .onnx file, ready to be quantised: only layers that have an integer form.
 * Throws LinegateError 'bad-model' with the node's name when it cannot be.
 */
export function compile(bytes: Uint8Array, size: PictureSize): Graph {
  const checked = onnxPasses.reduce((graph, pass) => pass(graph), onnxGraph(readModel(bytes)));
  return graphPasses.reduce((graph, pass) => pass(graph), lower(checked, size));
}
