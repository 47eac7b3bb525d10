import type { FirmwareModel } from './model.ts';
import { banner } from './model-header.ts';

const PER_LINE = 20;

/** model.cc: the .tflite file as an array. */
export function modelSource({ recipe, bytes }: FirmwareModel): string {
  return `${banner(recipe)}#include "model.h"

namespace linegate::model {

alignas(16) const unsigned char kData[kDataBytes] = {
${lines(bytes)}
};

}  // namespace linegate::model
`;
}

/** golden.cc: inputs with the scores that must come of them. */
export function goldenSource({ recipe, golden }: FirmwareModel): string {
  const vectors = golden.map(
    ({ pixels, scores }, i) => `const std::uint8_t kPixels${i}[kInputBytes] = {
${lines(pixels)}
};
const std::int8_t kScores${i}[kLabelCount] = {
${lines(scores)}
};
`,
  );
  return `${banner(recipe)}#include "model.h"

namespace linegate::model {
namespace {

${vectors.join('\n')}
}  // namespace

const GoldenVector kGolden[kGoldenCount] = {
${golden.map((_, i) => `    {kPixels${i}, kScores${i}},`).join('\n')}
};

}  // namespace linegate::model
`;
}

function lines(numbers: ArrayLike<number>): string {
  const all = Array.from(numbers);
  const count = Math.ceil(all.length / PER_LINE);
  return Array.from({ length: count }, (_, i) => `    ${all.slice(i * PER_LINE, (i + 1) * PER_LINE).join(', ')},`).join(
    '\n',
  );
}
