// The model "solar-module", version 1. Made by `linegate quantize`; do not edit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace linegate::model {

inline constexpr char kName[] = "solar-module";
inline constexpr int kVersion = 1;
// Of the .tflite file.
inline constexpr char kSha256[] = "4ddec9ab233e989ae26e6fe4c0c9c0d82249d959c219ac11a2f2c0a2f6112a0b";

// The .tflite file, aligned to 16 bytes.
inline constexpr std::size_t kDataBytes = 198160;
extern const unsigned char kData[kDataBytes];

// The tensor arena: predicted for 32-bit pointers, with a margin. On the ESP32-S3 the kernels of ESP-NN need scratch memory.
inline constexpr std::size_t kArenaBytes = 46352;
inline constexpr std::size_t kArenaBytesEspNnS3 = 136720;

// The input: int8 [1, kHeightPx, kWidthPx, kChannels], pixel + kInputOffset.
inline constexpr int kHeightPx = 40;
inline constexpr int kWidthPx = 24;
inline constexpr int kChannels = 1;
inline constexpr int kInputOffset = -128;
inline constexpr std::size_t kInputBytes = 960;

// The part of the frame that is looked at, as fractions of its sides.
struct Region {
  double x;
  double y;
  double width;
  double height;
};
inline constexpr Region kRegion = {0.0, 0.0, 1.0, 1.0};

// A score is (stored + kScoreOffset) / kScoreSteps. Thresholds of labels that are good parts are not used.
inline constexpr int kScoreOffset = 128;
inline constexpr int kScoreSteps = 256;
struct Label {
  const char* name;
  bool defect;
  double review;
  double reject;
};
inline constexpr std::size_t kLabelCount = 12;
inline constexpr Label kLabels[kLabelCount] = {
    {"no-anomaly", false, 1.0, 1.0},
    {"cell", true, 0.8, 0.8},
    {"cell-multi", true, 0.8, 0.8},
    {"cracking", true, 0.8, 0.8},
    {"diode", true, 0.8, 0.8},
    {"diode-multi", true, 0.8, 0.8},
    {"hot-spot", true, 0.8, 0.8},
    {"hot-spot-multi", true, 0.8, 0.8},
    {"offline-module", true, 0.8, 0.8},
    {"shadowing", true, 0.8, 0.8},
    {"soiling", true, 0.8, 0.8},
    {"vegetation", true, 0.8, 0.8},
};
inline constexpr double kMinimumOk = 0.2;

// Inputs (uint8 pixels) with the stored scores that the interpreter must give for them, to the last bit.
struct GoldenVector {
  const std::uint8_t* pixels;
  const std::int8_t* scores;
};
inline constexpr std::size_t kGoldenCount = 3;
extern const GoldenVector kGolden[kGoldenCount];

}  // namespace linegate::model
