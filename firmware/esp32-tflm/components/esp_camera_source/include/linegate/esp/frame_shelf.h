// The newest few frames of a camera, by the time at which the sensor saw them, and the choice of the one that belongs
// to a trigger. Threads: none of its own; whoever owns it serialises.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace linegate::esp {

class FrameShelf {
 public:
  // Frames that are kept; the driver needs others to fill meanwhile.
  static constexpr size_t kFrames = 2;

  enum class Found : uint8_t {
    // `index` is the frame.
    kFrame,
    // A later frame is nearer or all that is there is too far away: none of the window will come any more.
    kNone,
    // The sensor has not come to the trigger yet: one that comes may be nearer.
    kNotYet,
  };

  struct Entry {
    // The driver's; null: free.
    void* frame;
    int64_t sensor_ns;
    uint64_t sequence;
  };

  // Puts the newest frame in the place of the oldest that nobody holds; gives what was there, to be returned to the
  // driver, or null. When the only place is held, `frame` itself comes back.
  void* Put(void* frame, int64_t sensor_ns, uint64_t sequence);
  // The frame nearest to `trigger_ns`, at most `window_ns` away. `last`: there is no time to wait for a nearer one.
  Found Choose(int64_t trigger_ns, int64_t window_ns, bool last, size_t* index) const;
  // While a frame is held it stays. One at a time.
  const Entry& Hold(size_t index);
  void Unhold() { held_ = kFrames; }
  // Takes out any frame that nobody holds, or null.
  void* TakeAny();

 private:
  // kFrames: there is none.
  size_t Nearest(int64_t trigger_ns) const;

  Entry entries_[kFrames] = {};
  size_t held_ = kFrames;
};

}  // namespace linegate::esp
