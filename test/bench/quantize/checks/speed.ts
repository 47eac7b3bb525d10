import { openSession, pictureTensor } from '../../../../tools/quantize/calibrate/session.ts';
import { shapeOf } from '../../../../tools/quantize/ir/graph.ts';
import { cpuInfo, sumsSaturate } from '../../../../tools/quantize/report/cpu.ts';
import { interleavedLatency } from '../../../../tools/quantize/report/latency.ts';
import { Original } from '../../../../tools/quantize/verify/original.ts';
import { check, notRun } from '../../report.ts';
import { rounded } from '../../stats.ts';
import type { Group } from '../bench.ts';
import { quantisedMobileNet } from './fusion.ts';

const EFFORT = { runs: 400, ms: 8000 };

const SIZES = [
  { id: 'speed-96', sidePx: 96, limit: 1.7 },
  { id: 'speed-224', sidePx: 224, limit: 1.9 },
] as const;

/** INT8 beside float: MobileNetV2 of the width 1, one thread, in turns. */
export const speed: Group = {
  ids: SIZES.map(({ id }) => id),

  async run() {
    if (sumsSaturate(await cpuInfo())) {
      const why = 'This CPU has no VNNI, which the promise is about.';
      return SIZES.map(({ id }) => notRun(id, 'INT8 over float', why));
    }
    const checks = [];
    for (const { id, sidePx, limit } of SIZES) {
      const { float, int8 } = await latencies(sidePx);
      checks.push(
        check({
          id,
          what: `times as fast as float, MobileNetV2 α 1 at ${sidePx} px, one thread, least times in turns`,
          // Whatever else the computer does only adds, and to the two in other shares: on a busy one the median's ratio moves by a tenth.
          value: rounded(float.min / int8.min),
          limit,
          bound: 'least',
          details: { floatMs: float, int8Ms: int8, byMedians: rounded(float.median / int8.median) },
        }),
      );
    }
    return checks;
  },
};

async function latencies(sidePx: number) {
  const { file, ours } = await quantisedMobileNet(sidePx);
  const shape = shapeOf(ours.graph, ours.graph.input);
  const pixels = new Uint8Array(3 * sidePx * sidePx).fill(128);
  const original = await Original.open(file, ours.graph);
  return interleavedLatency(
    [original.session, original.input(pixels)],
    [await openSession(ours.onnx), pictureTensor(pixels, shape)],
    EFFORT,
  );
}
