// Keeps tasks apart that share what waits, such as a store on flash; a Guard is for microseconds, this one for as long
// as it takes. Threads: from tasks, never from interrupts, not nested.
#pragma once

namespace linegate {

class Mutex {
 public:
  virtual void Lock() = 0;
  virtual void Unlock() = 0;

 protected:
  ~Mutex() = default;
};

// Holds a mutex to the end of the scope.
class Owned {
 public:
  explicit Owned(Mutex& mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~Owned() { mutex_.Unlock(); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace linegate
