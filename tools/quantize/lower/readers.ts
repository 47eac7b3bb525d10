import type { OnnxNode } from '../onnx/graph.ts';
import { readClip, readRelu } from './activation.ts';
import { readConv, readPad } from './conv.ts';
import { readGemm, readMatMul } from './dense.ts';
import { readArithmetic, readBatchNorm, readConcat } from './elementwise.ts';
import type { Lowering } from './lowering.ts';
import { readGlobalPool, readPool, readReduceMean } from './pool.ts';
import { readReshape, readSoftmax, readTranspose } from './reshape.ts';

type Reader = (lowering: Lowering, node: OnnxNode) => void;

const readers: ReadonlyMap<string, Reader> = new Map([
  ['Conv', readConv],
  ['BatchNormalization', readBatchNorm],
  ['Relu', readRelu],
  ['Clip', readClip],
  ['Add', readArithmetic],
  ['Sub', readArithmetic],
  ['Mul', readArithmetic],
  ['Div', readArithmetic],
  ['AveragePool', readPool],
  ['MaxPool', readPool],
  ['GlobalAveragePool', readGlobalPool],
  ['GlobalMaxPool', readGlobalPool],
  ['ReduceMean', readReduceMean],
  ['Gemm', readGemm],
  ['MatMul', readMatMul],
  ['Flatten', readReshape],
  ['Reshape', readReshape],
  ['Squeeze', readReshape],
  ['Transpose', readTranspose],
  ['Pad', readPad],
  ['Concat', readConcat],
  ['Softmax', readSoftmax],
]);

/** Operators that are gone before anything is read. */
const FOLDED = new Set(['Identity', 'Dropout', 'Constant', 'Unsqueeze', 'Cast']);

export function isReadable(opType: string): boolean {
  return readers.has(opType) || FOLDED.has(opType);
}

export function readableOperators(): string[] {
  return [...readers.keys()];
}

/** The function that turns an ONNX node into IR nodes; undefined for an operator that is not known. */
export function readerOf(opType: string): Reader | undefined {
  return readers.get(opType);
}
