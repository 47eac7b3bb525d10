// What the station says of itself over the console: a JSON object a line behind the word `linegate`, which
// `linegate esp monitor` reads. No text may hold a quote or a backslash; none of ours does.
// Threads: from every task; lines do not mix. They wait for the serial port.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/platform.h"
#include "linegate/status.h"

namespace linegate::esp {

void ReportBoot(const char* firmware, const char* board, ResetReason reset, const char* model,
                const char* model_sha256);
// `inference_us`: of the slowest vector.
void ReportSelfTest(bool ok, size_t vectors, size_t passed, size_t arena_used_bytes, int64_t inference_us);
// `what`: `camera`, `flash`, `brown-out`, ...
void ReportFault(const char* what, Status status);
void ReportReady(bool on, const char* why);

}  // namespace linegate::esp
