// The model "coffee-bean", version 1. Made by `linegate quantize`; do not edit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace linegate::model {

inline constexpr char kName[] = "coffee-bean";
inline constexpr int kVersion = 1;
// Of the .tflite file.
inline constexpr char kSha256[] = "fcfee00dbbcdea6a80faf0a9bdd06b5276f7f319407193165b9c23c7c0b1041d";

// The .tflite file, aligned to 16 bytes.
inline constexpr std::size_t kDataBytes = 168624;
extern const unsigned char kData[kDataBytes];

// The tensor arena: predicted for 32-bit pointers, with a margin. On the ESP32-S3 the kernels of ESP-NN need scratch memory.
inline constexpr std::size_t kArenaBytes = 75200;
inline constexpr std::size_t kArenaBytesEspNnS3 = 162624;

// The input: int8 [1, kHeightPx, kWidthPx, kChannels], pixel + kInputOffset.
inline constexpr int kHeightPx = 96;
inline constexpr int kWidthPx = 96;
inline constexpr int kChannels = 3;
inline constexpr int kInputOffset = -128;
inline constexpr std::size_t kInputBytes = 27648;

// The part of the frame that is looked at, as fractions of its sides.
struct Region {
  double x;
  double y;
  double width;
  double height;
};
inline constexpr Region kRegion = {0.05, 0.05, 0.9, 0.9};

// A score is (stored + kScoreOffset) / kScoreSteps. Thresholds of labels that are good parts are not used.
inline constexpr int kScoreOffset = 128;
inline constexpr int kScoreSteps = 256;
struct Label {
  const char* name;
  bool defect;
  double review;
  double reject;
};
inline constexpr std::size_t kLabelCount = 2;
inline constexpr Label kLabels[kLabelCount] = {
    {"good", false, 1.0, 1.0},
    {"bad", true, 0.5, 0.6},
};
inline constexpr double kMinimumOk = 0.5;

// Inputs (uint8 pixels) with the stored scores that the interpreter must give for them, to the last bit.
struct GoldenVector {
  const std::uint8_t* pixels;
  const std::int8_t* scores;
};
inline constexpr std::size_t kGoldenCount = 3;
extern const GoldenVector kGolden[kGoldenCount];

}  // namespace linegate::model
