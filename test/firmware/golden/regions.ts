import { regionPixels } from '../../../agent/core/preprocess/region.ts';
import { bits, line, Noise } from './text.ts';

const sizes: readonly [[number, number], ...[number, number][]] = [
  [320, 240],
  [96, 96],
  [1, 1],
  [161, 121],
  [1600, 1200],
  [7, 3],
];

/** Regions of frames with the pixels that the agent takes for them. */
export function regionLines(): string[] {
  const noise = new Noise(3);
  return Array.from({ length: 300 }, () => {
    const [widthPx, heightPx] = noise.pick(sizes);
    const [x, y] = [noise.below(1000) / 1000, noise.below(997) / 997];
    const width = ((1 - x) * (1 + noise.below(1000))) / 1000;
    const height = ((1 - y) * (1 + noise.below(64))) / 64;
    const rect = regionPixels({ x, y, width, height }, widthPx, heightPx);
    const asked = [bits(x), bits(y), bits(width), bits(height), widthPx, heightPx];
    return line(...asked, rect.xPx, rect.yPx, rect.widthPx, rect.heightPx);
  });
}
