import type { OnnxNode } from '../onnx/graph.ts';
import { readClip, readHardSigmoid, readHardSwish, readRelu, readSigmoid } from './activation.ts';
import { readConv, readPad } from './conv.ts';
import { readGemm, readMatMul } from './dense.ts';
import { readArithmetic, readBatchNorm, readConcat } from './elementwise.ts';
import type { Lowering } from './lowering.ts';
import { readGlobalPool, readPool, readReduceMean } from './pool.ts';
import { readDequantize, readQuantize } from './quantised.ts';
import { readTile } from './repeat.ts';
import { readReshape, readShape, readSoftmax, readTranspose } from './reshape.ts';
import { readResize } from './resize.ts';
import { readConvTranspose } from './transpose-conv.ts';

type Reader = (lowering: Lowering, node: OnnxNode) => void;

const readers: ReadonlyMap<string, Reader> = new Map([
  ['Conv', readConv],
  ['ConvTranspose', readConvTranspose],
  ['BatchNormalization', readBatchNorm],
  ['Relu', readRelu],
  ['Clip', readClip],
  ['Sigmoid', readSigmoid],
  ['HardSigmoid', readHardSigmoid],
  ['HardSwish', readHardSwish],
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
  ['Unsqueeze', readReshape],
  ['Shape', readShape],
  ['Tile', readTile],
  ['Transpose', readTranspose],
  ['Pad', readPad],
  ['Concat', readConcat],
  ['Resize', readResize],
  ['Upsample', readResize],
  ['Softmax', readSoftmax],
  ['QuantizeLinear', readQuantize],
  ['DequantizeLinear', readDequantize],
]);

/** Operators that are gone before anything is read. */
const FOLDED = new Set(['Identity', 'Dropout', 'Constant', 'Cast', 'Gather', 'Slice', 'ConstantOfShape']);

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
