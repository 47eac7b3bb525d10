import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { syntheticPicture } from '../../../../tools/quantize/bundle/synthetic.ts';
import { floatWork, type OperatorCounts, optimisedOperators } from '../../../../tools/quantize/report/fusion.ts';
import { mobileNetV2 } from '../../mobilenet.ts';
import { check } from '../../report.ts';
import type { Group } from '../bench.ts';
import { type Ours, quantised } from '../ours.ts';
import { PIXELS, SUBJECT_NAMES } from '../subjects.ts';

const LABELS = 8;
const CALIBRATION_PICTURES = 6;

/** Square pictures in colour, always the same. */
export function madeUpPictures(sidePx: number, count: number): Uint8Array[] {
  const region = { x: 0, y: 0, width: 1, height: 1 };
  const spec = { colour: 'rgb', widthPx: sidePx, heightPx: sidePx, region } as const;
  return Array.from({ length: count }, (_, i) => syntheticPicture(spec, i + 1));
}

/** A MobileNetV2 of the width 1 with random weights, quantised from made-up pictures, and its float file. */
export async function quantisedMobileNet(sidePx: number): Promise<{ readonly file: Uint8Array; readonly ours: Ours }> {
  const file = mobileNetV2(1, sidePx, LABELS);
  const pictures = madeUpPictures(sidePx, CALIBRATION_PICTURES);
  const folder = mkdtempSync(path.join(tmpdir(), 'linegate-bench-'));
  try {
    const place = path.join(folder, 'mobilenet.onnx');
    writeFileSync(place, file);
    const size = { heightPx: sidePx, widthPx: sidePx, channels: 3 };
    return { file, ours: await quantised({ file: place, size, input: PIXELS }, pictures) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is left of the files after onnxruntime's optimisation on this machine. */
export const fusion: Group = {
  ids: ['fusion-float', 'fusion-quantize', 'fusion-dequantize'],

  async run(bench) {
    const { loaded, lacking } = await bench.loadAll(SUBJECT_NAMES);
    const models: Record<string, OperatorCounts> = {
      'mobilenetv2-96': await optimisedOperators((await quantisedMobileNet(96)).ours.onnx),
    };
    for (const { subject, ours } of loaded) models[subject.name] = await optimisedOperators(ours.onnx);
    const most = (operator: string) => Math.max(...Object.values(models).map((counts) => counts[operator] ?? 0));
    const float = Object.values(models)
      .map(floatWork)
      .filter((left) => left !== '');
    return [
      check({
        id: 'fusion-float',
        what: 'models with a convolution or another operator left in float after onnxruntime’s optimisation',
        value: float.length,
        limit: 0,
        details: { models, lacking },
      }),
      check({
        id: 'fusion-quantize',
        what: 'QuantizeLinear left in any model',
        value: most('QuantizeLinear'),
        limit: 1,
      }),
      check({
        id: 'fusion-dequantize',
        what: 'DequantizeLinear left in any model',
        value: most('DequantizeLinear'),
        limit: 1,
      }),
    ];
  },
};
