import { Preprocessor } from '../../../agent/core/preprocess/preprocess.ts';
import { rawFrame } from '../frames.ts';
import type { Size } from '../models.ts';
import { type Check, check } from '../report.ts';
import { nowNs } from '../serve.ts';
import { rounded, summaryMs } from '../stats.ts';

const LIMITS_MS: Readonly<Record<number, number>> = { 96: 0.3, 224: 0.6 };

/** An NV12 frame of 1280 x 720 to the tensor, one run after the other. */
export function measurePreprocess({ sidePx }: Size, runs: number): Check {
  const frame = rawFrame('nv12');
  const region = { x: 0, y: 0, width: 1, height: 1 };
  const preprocessor = Preprocessor.create({ colour: 'rgb', widthPx: sidePx, heightPx: sidePx, region });
  const ns: number[] = [];
  for (let run = -100; run < runs; run += 1) {
    const startNs = nowNs();
    preprocessor.run(frame);
    if (run >= 0) ns.push(nowNs() - startNs);
  }
  const details = summaryMs(ns);
  const limit = LIMITS_MS[sidePx] ?? null;
  return check({
    id: `preprocess-${sidePx}`,
    what: 'ms from an NV12 frame to the tensor',
    value: rounded(details.median),
    limit,
    details,
  });
}
