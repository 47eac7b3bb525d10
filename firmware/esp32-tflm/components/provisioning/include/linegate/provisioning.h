// The conversation in which a computer tells the station its settings over the serial console: a JSON object a line,
// one answer a line. Values are never repeated in an answer, so that no log of the console holds a secret.
//   {"op":"hello"}                                -> linegate
//   {"reply":"hello","firmware":"0.1.0","missing":["wifi.ssid"]}
//   {"op":"set","key":"wifi.ssid","value":"hall"} -> linegate {"reply":"set","key":"wifi.ssid","ok":true}
//   {"op":"save"}                                 -> linegate {"reply":"save","ok":true}
//   {"op":"update"}                               -> linegate {"reply":"update","ok":true}
//   anything else                                 -> linegate {"reply":"error","error":"bad-line"}
// Threads: all methods from the console task alone.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/settings.h"
#include "linegate/status.h"

namespace linegate {

// The longest line that is taken, without its end; the certificates are the longest value, and may be escaped.
inline constexpr size_t kMaxProvisioningLineBytes = 8448;
// Of an answer, with its terminating zero.
inline constexpr size_t kMaxProvisioningReplyBytes = 512;

// What the last line asks for beyond its answer.
enum class Wish : uint8_t {
  kNone,
  // Something was saved: a restart makes it count.
  kRestart,
  // Somebody at the line wants the firmware of `update.url`.
  kUpdate,
};

class Provisioning {
 public:
  // `firmware`: the version; it outlives this. `store` keeps what is saved.
  Provisioning(SettingsStore* store, const char* firmware) : store_(store), firmware_(firmware) {}

  // What is there already; without it the first save forgets all that was not told.
  void Open();
  // Takes a line without its end, and changes it. The answer ends in a zero, without an end of line.
  void Take(char* line, size_t size_bytes, char* reply, size_t capacity);
  // Once for each wish.
  Wish TakeWish();

 private:
  void Hello(char* reply, size_t capacity) const;
  void Set(const char* key, const char* value, size_t value_bytes, char* reply, size_t capacity);
  void Save(char* reply, size_t capacity);
  void Update(char* reply, size_t capacity);

  SettingsStore* store_;
  const char* firmware_;
  Settings settings_ = {};
  Wish wish_ = Wish::kNone;
};

}  // namespace linegate
