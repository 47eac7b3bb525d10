// The serial console: takes the lines of the provisioning conversation and does what they wish.
// Threads: Open from the start-up task; a task of its own does the rest. One instance.
#pragma once

#include <stddef.h>

#include "linegate/provisioning.h"
#include "linegate/settings.h"

namespace linegate::esp {

class EspConsole {
 public:
  EspConsole(SettingsStore* store, const char* firmware) : store_(store), provisioning_(store, firmware) {}

  // `before_restart` is called, with `context`, before the board restarts on a wish, or goes without inspection for an
  // update: it de-energises and closes what is open. kNoSpace: no memory for the task.
  Status Open(void (*before_restart)(void* context), void* context);

 private:
  static void Run(void* self);
  void TakeByte(char byte);
  void TakeLine();
  void Update();

  SettingsStore* store_;
  Provisioning provisioning_;
  void (*before_restart_)(void* context) = nullptr;
  void* context_ = nullptr;
  size_t used_ = 0;
  // What is longer is thrown away to its end.
  bool too_long_ = false;
  char line_[kMaxProvisioningLineBytes] = {};
  char reply_[kMaxProvisioningReplyBytes] = {};
};

}  // namespace linegate::esp
