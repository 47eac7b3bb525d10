import { fuzzOnnx } from '../../../fuzz/fuzz-onnx.ts';
import { check } from '../../report.ts';
import type { Group } from '../bench.ts';

const MUTATIONS = 10_000;
const SEED = 1;
const LONGEST_MS = 10_000;
const LARGEST_MB = 1000;

/** Damaged ONNX files: each ends in a model or in one sentence. */
export const fuzz: Group = {
  ids: ['fuzz-crashes', 'fuzz-slowest', 'fuzz-memory'],

  async run() {
    const figures = await fuzzOnnx({ mutations: MUTATIONS, seed: SEED });
    const { crashes, hangs, slowestMs, peakMb } = figures;
    return [
      check({
        id: 'fuzz-crashes',
        what: `crashes, hangs and answers that are no one sentence, of ${MUTATIONS} damaged files`,
        value: crashes + hangs,
        limit: 0,
        details: { ...figures },
      }),
      check({ id: 'fuzz-slowest', what: 'ms for the slowest of them', value: slowestMs, limit: LONGEST_MS }),
      check({ id: 'fuzz-memory', what: 'MB that a process held at most', value: peakMb, limit: LARGEST_MB }),
    ];
  },
};
