// The model "machined-ring", version 1. Made by `linegate quantize`; do not edit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace linegate::model {

inline constexpr char kName[] = "machined-ring";
inline constexpr int kVersion = 1;
// Of the .tflite file.
inline constexpr char kSha256[] = "74e0d7a87644ab4d654ca923f966f5d48a7b21a803593d7a416ad0541e8f6c52";

// The .tflite file, aligned to 16 bytes.
inline constexpr std::size_t kDataBytes = 187376;
extern const unsigned char kData[kDataBytes];

// The tensor arena: predicted for 32-bit pointers, with a margin. On the ESP32-S3 the kernels of ESP-NN need scratch memory.
inline constexpr std::size_t kArenaBytes = 128096;
inline constexpr std::size_t kArenaBytesEspNnS3 = 273312;

// The input: int8 [1, kHeightPx, kWidthPx, kChannels], pixel + kInputOffset.
inline constexpr int kHeightPx = 128;
inline constexpr int kWidthPx = 128;
inline constexpr int kChannels = 3;
inline constexpr int kInputOffset = -128;
inline constexpr std::size_t kInputBytes = 49152;

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
inline constexpr std::size_t kLabelCount = 8;
inline constexpr Label kLabels[kLabelCount] = {
    {"normal", false, 1.0, 1.0},
    {"scratch", true, 0.4, 0.5},
    {"dent", true, 0.4, 0.5},
    {"crack", true, 0.4, 0.5},
    {"discoloration", true, 0.4, 0.5},
    {"missing-component", true, 0.4, 0.5},
    {"misalignment", true, 0.4, 0.5},
    {"other", true, 0.4, 0.5},
};
inline constexpr double kMinimumOk = 0.6;

// Inputs (uint8 pixels) with the stored scores that the interpreter must give for them, to the last bit.
struct GoldenVector {
  const std::uint8_t* pixels;
  const std::int8_t* scores;
};
inline constexpr std::size_t kGoldenCount = 3;
extern const GoldenVector kGolden[kGoldenCount];

}  // namespace linegate::model
