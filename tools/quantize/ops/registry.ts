import type { Node, Shape } from '../ir/graph.ts';
import { conv } from './conv.ts';
import { fullyConnected } from './fully-connected.ts';
import { hardSwish } from './hard-swish.ts';
import { mul } from './mul.ts';
import type { Operator } from './operator.ts';
import { pool } from './pool.ts';
import { resize } from './resize.ts';
import { sigmoid } from './sigmoid.ts';
import { activation, add, affine, concat, pad, reshape, softmax } from './simple.ts';
import { transposeConv } from './transpose-conv.ts';

const operators: { readonly [Op in Node['op']]: Operator<Extract<Node, { op: Op }>> } = {
  conv,
  depthwise: conv,
  'fully-connected': fullyConnected,
  'average-pool': pool,
  'max-pool': pool,
  'transpose-conv': transposeConv,
  add,
  mul,
  sigmoid,
  'hard-swish': hardSwish,
  'resize-nearest': resize,
  concat,
  reshape,
  softmax,
  activation,
  affine,
  pad,
};

/** What is known of the node's operator. */
export function operatorOf(node: Node): Operator<Node> {
  return operators[node.op] as Operator<Node>;
}

/** The shape that `node` gives. Throws LinegateError 'bad-model' when it cannot run on `inputs`. */
export function outputShape(node: Node, inputs: readonly Shape[]): Shape {
  return operatorOf(node).outputShape(node, inputs);
}
