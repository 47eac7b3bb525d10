#include "linegate/esp/report.h"

#include <inttypes.h>
#include <stdio.h>

namespace linegate::esp {
namespace {

const char* NameOf(ResetReason reason) {
  switch (reason) {
    case ResetReason::kPowerOn: return "power-on";
    case ResetReason::kBrownOut: return "brown-out";
    case ResetReason::kWatchdog: return "watchdog";
    case ResetReason::kPanic: return "panic";
    case ResetReason::kSoftware: return "restart";
    case ResetReason::kUpdate: return "update";
    case ResetReason::kUnknown: return "unknown";
  }
  return "unknown";
}

const char* Word(bool yes) { return yes ? "true" : "false"; }

}  // namespace

void ReportBoot(const char* firmware, const char* board, ResetReason reset, const char* model,
                const char* model_sha256) {
  printf(
      "linegate "
      "{\"event\":\"boot\",\"firmware\":\"%s\",\"board\":\"%s\",\"reset\":\"%s\",\"model\":\"%s\",\"sha256\":\"%s\"}\n",
      firmware, board, NameOf(reset), model, model_sha256);
}

void ReportSelfTest(bool ok, size_t vectors, size_t passed, size_t arena_used_bytes, int64_t inference_us) {
  printf(
      "linegate "
      "{\"event\":\"self-test\",\"ok\":%s,\"vectors\":%zu,\"passed\":%zu,\"arenaUsedBytes\":%zu,\"inferenceUs\":"
      "%" PRId64 "}\n",
      Word(ok), vectors, passed, arena_used_bytes, inference_us);
}

void ReportFault(const char* what, Status status) {
  printf("linegate {\"event\":\"fault\",\"what\":\"%s\",\"status\":\"%s\"}\n", what, linegate::NameOf(status));
}

void ReportReady(bool on, const char* why) {
  printf("linegate {\"event\":\"ready\",\"on\":%s,\"why\":\"%s\"}\n", Word(on), why);
}

}  // namespace linegate::esp
