import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSession } from '../calibrate/session.ts';
import { readModel } from '../onnx/codec.ts';
import type { WireGraph } from '../onnx/schema.ts';

/** How many nodes of each operator are left after onnxruntime's optimisation on this machine. */
export type OperatorCounts = Readonly<Record<string, number>>;

/** Operators that do their work in float: one of them means that the integers were not fused. */
const FLOAT_WORK = ['Conv', 'FusedConv', 'Gemm', 'FusedGemm', 'MatMul', 'Add', 'AveragePool', 'GlobalAveragePool'];

/** Optimises a model as a station would and counts what it really runs. */
export async function optimisedOperators(model: Uint8Array): Promise<OperatorCounts> {
  const counts: Record<string, number> = {};
  for (const { opType } of (await optimisedGraph(model))?.node ?? []) counts[opType] = (counts[opType] ?? 0) + 1;
  return counts;
}

/** What onnxruntime makes of a model on this machine. */
export async function optimisedGraph(model: Uint8Array): Promise<WireGraph | null | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'linegate-quantize-'));
  try {
    const file = path.join(folder, 'optimised.onnx');
    await openSession(model, { optimizedModelFilePath: file });
    return readModel(await readFile(file)).graph;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The operators that stayed float, as "3 Conv, 1 Gemm"; empty when all were fused. */
export function floatWork(counts: OperatorCounts): string {
  return FLOAT_WORK.flatMap((op) => (counts[op] ? [`${counts[op]} ${op}`] : [])).join(', ');
}
