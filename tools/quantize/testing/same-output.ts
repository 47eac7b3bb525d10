import assert from 'node:assert/strict';
import type { Graph } from '../ir/graph.ts';
import { compile } from '../passes/pipeline.ts';
import { Original } from '../verify/original.ts';
import { randomSeries } from './test-model.ts';

/** Random pixels, always the same for the same seed. */
export function randomPixels(length: number, seed = 1): Uint8Array {
  const random = randomSeries(seed);
  return Uint8Array.from({ length }, () => Math.floor((random() + 1) * 127.99));
}

/** Compiles `file` and asserts that its graph computes what onnxruntime makes of the file, to 1e-5. */
export async function assertCompiles(file: Uint8Array, size: readonly [number, number, number]): Promise<Graph> {
  const [heightPx, widthPx, channels] = size;
  const graph = compile(file, { heightPx, widthPx, channels });
  const original = await Original.open(file, graph);
  const difference = await original.difference([1, 2].map((seed) => randomPixels(heightPx * widthPx * channels, seed)));
  assert.ok(difference < 1e-5, `differs by ${difference}`);
  return graph;
}
