// Keeps interrupts and the other core away from what they share with a task: on the ESP32 a spinlock with interrupts
// off, on a host a mutex or nothing. Threads: from every task and from interrupts, not nested. Hold it for
// microseconds; call nothing that waits meanwhile.
#pragma once

namespace linegate {

class Guard {
 public:
  virtual void Lock() = 0;
  virtual void Unlock() = 0;

 protected:
  ~Guard() = default;
};

// Holds a guard to the end of the scope.
class Held {
 public:
  explicit Held(Guard& guard) : guard_(guard) { guard_.Lock(); }
  ~Held() { guard_.Unlock(); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  Guard& guard_;
};

}  // namespace linegate
