#include "linegate/core/ready_book.h"

namespace linegate {
namespace {

constexpr const char* kSentences[kBlames] = {
    "The station is starting.",
    "The model does not give the scores of its golden vectors: install the recipe again.",
    "The camera gave no frame for a part: look at the camera's cable and the reset log.",
    "The model failed for a part: the next part that it judges clears this.",
    "The memory for records is full or fails: connect the station to its broker.",
    "The line was stopped: let it go on at the station.",
    "More happened at the line than the station could follow: let it go on at the station.",
    "The gate moved late: let it go on at the station.",
};

}  // namespace

const char* ReadyBook::Why() const {
  for (size_t i = 0; i < kBlames; i++) {
    if (Stands(static_cast<Blame>(i))) return kSentences[i];
  }
  return "";
}

void ReadyBook::Write(Json* json) const {
  json->BeginObject().Key("on").Boolean(Ready()).Key("why").BeginArray();
  for (size_t i = 0; i < kBlames; i++) {
    if (Stands(static_cast<Blame>(i))) json->String(kSentences[i]);
  }
  json->EndArray().EndObject();
}

}  // namespace linegate
