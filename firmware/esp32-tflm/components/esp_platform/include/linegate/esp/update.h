// A new firmware from the address that was told, into the slot that does not run. It is taken only with a signature
// that the running firmware knows, and is on trial afterwards (Platform::ConfirmUpdate). Threads: Fetch from the
// console task; it waits for the network, minutes at most.
#pragma once

#include "linegate/settings.h"
#include "linegate/status.h"

namespace linegate::esp {

// kOk: a restart starts it. kBadConfig: no https address was told, or this firmware was built without a key; kCorrupt:
// it is none for this chip, or is not signed with the key; kUnavailable: it does not come; kDeviceFault: the flash.
Status FetchUpdate(const Settings& settings);

}  // namespace linegate::esp
