import { tensorAt } from '../tflite/model.ts';
import type { FirmwareModel, FirmwareRecipe } from './model.ts';

/** model.h: everything that is known of the model, without its numbers. */
export function modelHeader({ recipe, model, bytes, sha256, arenaBytes, golden }: FirmwareModel): string {
  const { preprocess, decision, labels } = recipe;
  const [, heightPx, widthPx, channels] = tensorAt(model, model.inputs[0]).shape;
  const { x, y, width, height } = preprocess.region;
  return `${banner(recipe)}#pragma once

#include <cstddef>
#include <cstdint>

namespace linegate::model {

inline constexpr char kName[] = "${recipe.name}";
inline constexpr int kVersion = ${recipe.version};
// Of the .tflite file.
inline constexpr char kSha256[] = "${sha256}";

// The .tflite file, aligned to 16 bytes.
inline constexpr std::size_t kDataBytes = ${bytes.length};
extern const unsigned char kData[kDataBytes];

// The tensor arena: predicted for 32-bit pointers, with a margin. On the ESP32-S3 the kernels of ESP-NN need scratch memory.
inline constexpr std::size_t kArenaBytes = ${arenaBytes.reference};
inline constexpr std::size_t kArenaBytesEspNnS3 = ${arenaBytes.espNnS3};

// The input: int8 [1, kHeightPx, kWidthPx, kChannels], pixel + kInputOffset.
inline constexpr int kHeightPx = ${heightPx};
inline constexpr int kWidthPx = ${widthPx};
inline constexpr int kChannels = ${channels};
inline constexpr int kInputOffset = -128;
inline constexpr std::size_t kInputBytes = ${(heightPx ?? 0) * (widthPx ?? 0) * (channels ?? 0)};

// The part of the frame that is looked at, as fractions of its sides.
struct Region {
  double x;
  double y;
  double width;
  double height;
};
inline constexpr Region kRegion = {${[x, y, width, height].map(real).join(', ')}};

// A score is (stored + kScoreOffset) / kScoreSteps. Thresholds of labels that are good parts are not used.
inline constexpr int kScoreOffset = 128;
inline constexpr int kScoreSteps = 256;
struct Label {
  const char* name;
  bool defect;
  double review;
  double reject;
};
inline constexpr std::size_t kLabelCount = ${labels.length};
inline constexpr Label kLabels[kLabelCount] = {
${labels.map((label) => `    ${labelText(recipe, label)},`).join('\n')}
};
inline constexpr double kMinimumOk = ${real(decision.minimumOk)};

// Inputs (uint8 pixels) with the stored scores that the interpreter must give for them, to the last bit.
struct GoldenVector {
  const std::uint8_t* pixels;
  const std::int8_t* scores;
};
inline constexpr std::size_t kGoldenCount = ${golden.length};
extern const GoldenVector kGolden[kGoldenCount];

}  // namespace linegate::model
`;
}

function labelText({ decision }: FirmwareRecipe, { name, kind }: FirmwareRecipe['labels'][number]): string {
  const { review = 1, reject = 1 } = decision.thresholds[name] ?? {};
  return `{"${name}", ${kind === 'defect'}, ${real(review)}, ${real(reject)}}`;
}

/** The first line of every generated file. */
export function banner({ name, version }: FirmwareRecipe): string {
  return `// The model "${name}", version ${version}. Made by \`linegate quantize\`; do not edit.\n`;
}

/** A number as a C++ double that reads back the same. */
function real(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
