#include "linegate/esp/frame_shelf.h"

namespace linegate::esp {
namespace {

int64_t Distance(int64_t a, int64_t b) { return a > b ? a - b : b - a; }

}  // namespace

void* FrameShelf::Put(void* frame, int64_t sensor_ns, uint64_t sequence) {
  size_t place = kFrames;
  for (size_t i = 0; i < kFrames; ++i) {
    if (i == held_) continue;
    const bool better =
        place == kFrames || (entries_[place].frame != nullptr &&
                             (entries_[i].frame == nullptr || entries_[i].sensor_ns < entries_[place].sensor_ns));
    if (better) place = i;
  }
  if (place == kFrames) return frame;
  void* const old = entries_[place].frame;
  entries_[place] = {frame, sensor_ns, sequence};
  return old;
}

size_t FrameShelf::Nearest(int64_t trigger_ns) const {
  size_t nearest = kFrames;
  for (size_t i = 0; i < kFrames; ++i) {
    if (entries_[i].frame == nullptr) continue;
    const bool nearer = nearest == kFrames ||
                        Distance(entries_[i].sensor_ns, trigger_ns) < Distance(entries_[nearest].sensor_ns, trigger_ns);
    if (nearer) nearest = i;
  }
  return nearest;
}

FrameShelf::Found FrameShelf::Choose(int64_t trigger_ns, int64_t window_ns, bool last, size_t* index) const {
  // Frames that come are later still, so once one is behind the trigger none of them can be nearer.
  bool passed = false;
  for (const Entry& entry : entries_) passed = passed || (entry.frame != nullptr && entry.sensor_ns >= trigger_ns);
  const size_t nearest = Nearest(trigger_ns);
  if (nearest == kFrames || (!passed && !last)) return Found::kNotYet;
  if (Distance(entries_[nearest].sensor_ns, trigger_ns) > window_ns) return passed ? Found::kNone : Found::kNotYet;
  *index = nearest;
  return Found::kFrame;
}

const FrameShelf::Entry& FrameShelf::Hold(size_t index) {
  held_ = index;
  return entries_[index];
}

void* FrameShelf::TakeAny() {
  for (size_t i = 0; i < kFrames; ++i) {
    if (i == held_ || entries_[i].frame == nullptr) continue;
    void* const frame = entries_[i].frame;
    entries_[i] = {};
    return frame;
  }
  return nullptr;
}

}  // namespace linegate::esp
